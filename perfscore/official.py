"""The official vocabulary: grades, dimensions and sub-items of the review form, review opinions; and our families of rules."""

__all__ = ["CLASSES", "CRITERIA", "FAMILIES", "GRADES", "OPINIONS", "SEVERITIES", "SEVERITY_NAMES"]

# Grades of 财预〔2015〕88号, best first.
GRADES = ("优", "良", "中", "差")
SEVERITY_NAMES = {"critical": "严重", "major": "重要", "minor": "一般", "info": "提示"}
SEVERITIES = tuple(SEVERITY_NAMES)
FAMILIES = {
    "PS1": "套话",
    "PS2": "错配",
    "PS3": "缺量化",
    "PS4": "照搬",
    "PS5": "完整性",
}
# Sub-items of the official review form (财预〔2015〕88号) that a table can show, with their dimension.
CRITERIA = {
    "规范完整性": "完整性",
    "明确清晰性": "完整性",
    "目标相关性": "相关性",
    "指标科学性": "相关性",
    "绩效合理性": "适当性",
    "资金匹配性": "适当性",
    "实现可能性": "可行性",
}
# Classes of indicators (财预〔2021〕101号), of the first level and of the second.
CLASSES = ("产出", "数量", "质量", "时效", "成本", "效益", "经济效益", "社会效益", "生态效益", "可持续影响", "满意度")
# Opinion codes of the review module of the national budget system, in our own words.
OPINIONS = {
    "1": "目标或指标不完整",
    "2": "指标不够细化、量化",
    "3": "与项目内容关联不足",
    "4": "指标值设置不合理",
    "5": "一个指标含多项内容",
    "6": "一级指标归类不当",
    "7": "二级指标归类不当",
    "8": "缺少效益指标",
    "9": "缺少产出指标",
    "10": "缺少满意度指标",
    "11": "其他问题",
}
