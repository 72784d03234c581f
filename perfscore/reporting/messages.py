"""Every word that a report says of its own, in Chinese and English, in one place.

What a rule says of a row comes with the finding; this catalogue holds headings, labels and hints only.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from perfscore.errors import ConfigError
from perfscore.official import OPINIONS, SEVERITY_NAMES

if TYPE_CHECKING:
    from perfscore.scorecard import Lang

__all__ = ["known_language", "label", "opinion_texts", "split_codes", "texts"]

_LANGUAGES = ("zh", "en")
# key: (zh, en). Words in braces are filled by ``str.format``.
_TEXTS: Mapping[str, tuple[str, str]] = {
    # report
    "title": ("项目绩效目标质量报告", "Quality of project performance targets"),
    "lead": (
        "按得分从低到高排列。得分只评表面可见的部分，供审核人员参考，不代替正式审核。",
        (
            "Weakest first; the grades are 优 excellent, 良 good, 中 fair, 差 poor, 未评 not graded. The score covers only what "
            "a table can show; it supports an official review, it is not one. What is said of single rows is in Chinese, "
            "as the tables are."
        ),
    ),
    "of_100": ("可评分值 {n}/100", "visible points {n}/100"),
    "n_projects": ("{n} 个项目", "{n} projects"),
    "n_findings": ("{n} 个问题", "{n} findings"),
    "n_unread": ("{n} 处未能读取", "{n} places could not be read"),
    "unread_hint": (
        "有 {n} 处未能读取，结果不含这些内容：",
        "{n} places could not be read and are not in the result:",
    ),
    "more_unread": (
        "… 还有 {n} 处未能读取；用 -o 保存后见未读清单（unread 表）",
        "… {n} more places could not be read; save with -o and see the table unread",
    ),
    "more": ("其余 {n} 个项目未列出；用 -o 保存全部结果", "{n} more projects not shown; save everything with -o"),
    "explain_hint": ("规则说明：perfscore explain {code}", "what a rule means: perfscore explain {code}"),
    "none": ("无", "none"),
    "no_projects": ("没有读到项目绩效目标表", "no target table was read"),
    "no_findings": ("未发现问题", "no findings"),
    "whole_table": ("整表", "whole table"),
    "unnamed": ("（未写名称）", "(no name)"),
    "no_agency": ("（未写单位）", "(no agency)"),
    "blank": ("（空）", "(blank)"),
    "rows_left": ("另有 {n} 个项目", "{n} more projects"),
    # sheets of the workbook and sections of the page
    "ranking": ("排名", "Ranking"),
    "findings": ("问题清单", "Findings"),
    "projects": ("项目", "Projects"),
    "indicators": ("指标明细", "Indicators"),
    "copies": ("雷同对照", "Copies"),
    "values": ("取值分布", "Values"),
    "unread": ("未读清单", "Not read"),
    "method": ("说明", "Method"),
    "agencies": ("单位汇总", "By agency"),
    "money": ("资金与得分", "Money and score"),
    # columns
    "rank": ("名次", "Rank"),
    "grade": ("等级", "Grade"),
    "score": ("得分", "Score"),
    "project_name": ("项目名称", "Project"),
    "project_code": ("项目编码", "Project code"),
    "agency": ("单位", "Agency"),
    "year": ("年度", "Year"),
    "budget": ("预算（元）", "Budget (yuan)"),
    "budget_short": ("预算", "Budget"),
    "reasons": ("主要问题", "Main reasons"),
    "note": ("封顶或未评原因", "Cap or reason for no grade"),
    "lost_completeness": ("完整性失分", "Lost: completeness"),
    "lost_relevance": ("相关性失分", "Lost: relevance"),
    "lost_appropriateness": ("适当性失分", "Lost: appropriateness"),
    "lost_feasibility": ("可行性失分", "Lost: feasibility"),
    "visible": ("可评分值", "Visible points"),
    "assessable": ("可判断行占比", "Rows judged"),
    "n_rows": ("指标数", "Rows"),
    "finding_count": ("问题数", "Findings"),
    "doc": ("文件", "File"),
    "place": ("位置", "Place"),
    "project_id": ("项目标识", "Project id"),
    "row_no": ("行号", "Row"),
    "severity": ("程度", "Severity"),
    "code": ("规则", "Rule"),
    "rule": ("问题", "Issue"),
    "field": ("栏目", "Field"),
    "evidence": ("原文", "Words"),
    "message": ("说明", "What is wrong"),
    "advice": ("修改建议", "Advice"),
    "points": ("扣分", "Points"),
    "no_points": ("不另扣分", "no further points"),
    "peer": ("对照", "Compared with"),
    "opinion": ("审核意见", "Review opinion"),
    "level1": ("一级指标", "Level 1"),
    "level2": ("二级指标", "Level 2"),
    "name": ("三级指标", "Indicator"),
    "description": ("指标描述", "Description"),
    "value": ("指标值", "Value"),
    "basis": ("确定依据", "Basis"),
    "weight": ("权重", "Weight"),
    "category": ("判定类别", "Class"),
    "kind": ("值的种类", "Kind of value"),
    "issues": ("问题", "Issues"),
    "goal": ("绩效目标", "Goal"),
    "purpose": ("资金用途", "Purpose"),
    "plan": ("支出计划", "Plan"),
    "group": ("组", "Group"),
    "size": ("项目数", "Projects"),
    "representative": ("代表项目", "Representative"),
    "similarity": ("相似度（含数字）", "Similarity (numbers kept)"),
    "similarity_masked": ("相似度（不计数字）", "Similarity (numbers masked)"),
    "copy_kind": ("雷同类型", "Kind"),
    "scope": ("范围", "Scope"),
    "difference": ("与代表项目的差异", "Difference from the representative"),
    "reason": ("原因", "Reason"),
    "count": ("次数", "Count"),
    "share": ("占比", "Share"),
    "share_percent": ("占单位指标行的百分比", "Share of the rows of the agency, %"),
    "budget_10k": ("预算（万元）", "Budget (10,000 yuan)"),
    "item": ("项目", "Item"),
    "content": ("内容", "Content"),
    # words in cells
    **{severity: (name, severity) for severity, name in SEVERITY_NAMES.items()},
    "exact": ("完全相同", "exact"),
    "near": ("高度雷同", "near"),
    "within agency": ("同一单位内", "within agency"),
    "between agencies": ("跨单位", "between agencies"),
    "between regions": ("跨地区", "between regions"),
    # page
    "skip": ("跳到内容", "Skip to content"),
    "sections": ("目录", "Sections"),
    "filters": ("筛选", "Filters"),
    "search": ("查找项目、指标、文件", "Search projects, indicators, files"),
    "all": ("全部", "All"),
    "reset": ("清除筛选", "Clear"),
    "sort_hint": ("点击列名排序，点击项目名称查看原表和问题", "Click a heading to sort, a project to see its table"),
    "show_more": ("再显示一些（余 {n} 个）", "Show more ({n} left)"),
    "more_rules": ("另有 {n} 类问题", "{n} more kinds of issue"),
    "back": ("返回排名", "Back to the ranking"),
    "previous": ("上一个", "Previous"),
    "next": ("下一个", "Next"),
    "print": ("打印", "Print"),
    "with_details": ("打印时附上筛选出的各项目明细", "Print the tables of the projects shown, too"),
    "compare": ("对照原文", "Compare"),
    "same_rows": ("另有 {n} 行完全相同", "{n} more rows are identical"),
    "no_row": ("（没有对应的行）", "(no such row)"),
    "is_representative": ("本组代表", "the representative"),
    "top_value": ("最常见的指标值", "Commonest value"),
    "other_values": ("其他常见值", "Other common values"),
    "values_lead": (
        "同一单位的指标值越集中，越可能未按指标逐项测算。",
        "The more uniform the values of an agency, the less likely each was worked out.",
    ),
    "no_budget": ("未写预算的项目", "Projects without budget"),
    "large_and_weak": ("得分低于60的项目，预算大的在前", "Under 60 points, largest budgets first"),
    "scatter": (
        "散点图：横轴为预算（对数），纵轴为得分；数据见旁边的表",
        "Budget (logarithmic) against score; see the table",
    ),
    "no_script": (
        "浏览器未运行脚本，只显示排名；筛选和原表请用其他浏览器打开，或查看 Excel 工作簿。",
        "Without script only the ranking is shown; see the workbook for the rest.",
    ),
    # kinds of value
    "kind_share": ("比例", "share"),
    "kind_count": ("数量", "count"),
    "kind_money": ("金额", "money"),
    "kind_duration": ("时长", "duration"),
    "kind_date": ("日期", "date"),
    "kind_rate": ("每单位数量", "rate"),
    "kind_score": ("评分", "score"),
    "kind_number": ("无单位的数", "number without unit"),
    "kind_wish": ("定性", "wording only"),
    "kind_yesno": ("是或否", "yes or no"),
    "kind_placeholder": ("占位符", "placeholder"),
    "kind_empty": ("空", "blank"),
    # review form
    "disclaimer": (
        "本表由程序预填，只评表面可见的部分，供审核人员参考，不代替正式审核。",
        (
            "Filled in by a program from what the table shows; it supports an official review, it is not one. "
            "What the rules say is in Chinese, as the tables are."
        ),
    ),
    "form_title": ("项目支出绩效目标审核表（预填稿）", "Review form of project targets (draft)"),
    "dimension": ("审核内容", "Aspect"),
    "criterion": ("审核要点", "Criterion"),
    "points_lost": ("失分", "Points lost"),
    "none_seen": ("表内未见问题", "nothing found in the table"),
    "not_visible": (
        "绩效目标表看不出，请结合立项材料审核",
        "cannot be seen in the table; review with the other papers",
    ),
    "proposed": ("拟提审核意见", "Proposed opinion"),
    "rows_named": ("第{n}行", "row {n}"),
    "not_graded": ("未评：请核对原表后人工审核", "not graded: check the table and review by hand"),
    "signature": ("审核人：　　　　　　　　日期：　　　　　　　　", "Reviewer:                Date:                "),
    # rows left out of the score
    "official_row": ("预算系统固定的行，不评分", "a row the budget system writes by itself, not scored"),
    "unreadable_row": ("未能判读，不评分", "could not be read, not scored"),
    # evaluation against labels
    "evaluation": ("与标注的一致程度", "Agreement with labels"),
    "per_defect": ("各类缺陷", "By defect"),
    "confusions": ("判断不一致的行", "Wrong calls"),
    "labelled": ("项目评分对照", "Project scores"),
    "unmatched": ("没有对上的标注", "Labels beside nothing"),
    "unmeasured": ("标注没有涉及的缺陷", "Defects the labels do not name"),
    "defect": ("缺陷", "Defect"),
    "labels": ("标注数", "Labels"),
    "found": ("查出数", "Found"),
    "precision": ("准确率", "Precision"),
    "recall": ("召回率", "Recall"),
    "f1": ("F1", "F1"),
    "f1_low": ("F1 下限", "F1 low"),
    "f1_high": ("F1 上限", "F1 high"),
    "interval": ("F1 的 95% 区间", "95% interval of F1"),
    "enough": ("标注够多", "Enough labels"),
    "call": ("判断", "Call"),
    "call_false": ("多判", "false"),
    "call_missed": ("漏判", "missed"),
    "label": ("标注", "Label"),
    "why_not": ("原因", "Why"),
    "labelled_score": ("标注得分", "Labelled score"),
    "labelled_grade": ("标注等级", "Labelled grade"),
    "off_by": ("相差", "Off by"),
    "calls_left": ("另有 {n} 行，见工作簿或 CSV", "{n} more rows: see the workbook or the CSV files"),
    "n_unmatched": ("有 {n} 条标注没有对上：", "{n} labels stand beside nothing:"),
    "evaluated_rows": (
        "标注 {rows} 行、{projects} 个项目；宏平均 F1 {macro}，微平均 F1 {micro}",
        "{rows} rows of {projects} projects labelled; macro F1 {macro}, micro F1 {micro}",
    ),
    "evaluated_scores": (
        "项目得分与标注：{n} 个项目，Kendall tau-b {tau}（95% 区间 {low} 至 {high}），平均相差 {mad} 分",
        "{n} project scores: Kendall's tau-b {tau} (95% interval {low} to {high}), {mad} points apart on average",
    ),
    "too_few_labels": (
        "带 * 的缺陷标注不足 5 处，不计入宏平均",
        "* fewer than 5 labels: not counted in the macro F1",
    ),
    "not_labelled": (
        "标注没有涉及、因此不计对错的缺陷：{found}",
        "defects that no label names, so neither right nor wrong: {found}",
    ),
    "interval_note": (
        "区间取按项目重复抽样与 Wilson 两种算法中较宽的一端；全部判对也不表示没有误差。引用时请说明由谁、按什么口径标注。",
        "Each end of an interval is the wider of two, of projects drawn again and of Wilson. Say who labelled, and how.",
    ),
    # calibration
    "points_of": ("分值", "Points of"),
    "before": ("原值", "Before"),
    "after": ("校准后", "After"),
    "left_out": ("留出", "Left out"),
    "n_projects_short": ("项目数", "Projects"),
    "mad_before": ("原值平均相差", "Difference before"),
    "mad_after": ("校准后平均相差", "Difference after"),
    "share_major": ("重要问题的扣分比例", "Share a major finding costs"),
    "share_minor": ("一般问题的扣分比例", "Share a minor finding costs"),
    "full_share": ("扣满分的行占比", "Share of rows for full points"),
    "cross_validated": (
        "交叉验证（{n} 个留出项目）：平均相差 {mad_before} → {mad_after} 分，tau-b {tau_before} → {tau_after}",
        "{n} projects left out in turn: difference {mad_before} -> {mad_after}, tau-b {tau_before} -> {tau_after}",
    ),
    "calibration_helped": ("有改善，采用校准后的分值", "this is a gain: the fitted points are used"),
    "calibration_no_help": ("看不出改善，保留原来的分值", "this is no clear gain: the given points are kept"),
    # method
    "version": ("perfscore 版本", "perfscore version"),
    "profile": ("评分标准", "Rubric profile"),
    "verified": ("与正式文本的核对", "Check against the official text"),
    "cutoffs": ("等级界线", "Grade cut-offs"),
    "rules": ("启用的规则", "Rules run"),
    "ignored": ("不用的规则及理由", "Rules left out, and why"),
    "accepted": ("已接受的问题及理由", "Findings accepted, and why"),
    "unmet": ("没有对应问题的接受条目", "Accepting entries that met nothing"),
    "marks": (
        "底色：红=严重，橙=重要，黄=一般，蓝=提示；同一单元格以最重者为准，问题写在行末。",
        "Fill: red critical, orange major, yellow minor, blue info. The worst of a cell decides.",
    ),
    "notes_cut": (
        "批注只加在排名最靠前的 {n} 个单元格上，以免表格打开过慢；全部问题见“问题清单”。",
        "Notes are put on the first {n} cells only, so that the file opens quickly; the sheet Findings has them all.",
    ),
    "neutral": (
        "“高度雷同”“疑似”只说明文字相近，可能来自统一模板或上级规定，需人工判断。",
        "'Near' and 'suspected' say only that texts are alike; a common template or an order may be the cause.",
    ),
}

_OPINIONS_EN: Mapping[str, str] = {
    "1": "target or indicators incomplete",
    "2": "not specific or not quantified",
    "3": "weakly related to the project",
    "4": "value does not fit the indicator",
    "5": "several things in one indicator",
    "6": "wrong level-1 category",
    "7": "wrong level-2 category",
    "8": "no benefit indicator",
    "9": "no output indicator",
    "10": "no satisfaction indicator",
    "11": "other",
}


def texts(lang: "Lang" = "zh") -> dict[str, str]:
    """Return the whole catalogue in one language.

    Examples
    --------
    >>> texts("en")["ranking"], texts()["ranking"]
    ('Ranking', '排名')
    """
    position = _LANGUAGES.index(known_language(lang))
    return {key: pair[position] for key, pair in _TEXTS.items()}


def known_language(lang: str) -> str:
    """Return a language of the reports.

    Raises
    ------
    ConfigError
        the reports do not speak it

    Examples
    --------
    >>> known_language("en")
    'en'
    """
    if lang not in _LANGUAGES:
        raise ConfigError(f"报告没有语言 {lang}；可用：{'、'.join(_LANGUAGES)}")
    return lang


def label(key: str, lang: "Lang" = "zh") -> str:
    """Return one text; a key that the catalogue does not have (a column of a caller's own) is returned as it is."""
    pair = _TEXTS.get(key)
    return key if pair is None else pair[_LANGUAGES.index(lang)]


def opinion_texts(codes: str, lang: "Lang" = "zh") -> str:
    """Return the codes of an ``opinion`` cell with their labels; what is no known code stays as it is.

    Examples
    --------
    >>> opinion_texts("8|10")
    '8 缺少效益指标；10 缺少满意度指标'
    """
    known = _OPINIONS_EN if lang == "en" else OPINIONS
    return "；".join(f"{code} {known[code]}" if code in known else code for code in split_codes(codes))


def split_codes(codes: str) -> list[str]:
    """Return the single codes of an ``opinion`` cell.

    Examples
    --------
    >>> split_codes("8|10")
    ['8', '10']
    """
    return [code.strip() for code in re.split(r"[|,，、；;]", codes) if code.strip()]
