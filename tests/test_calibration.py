"""Fitting a profile: it finds the points that made the scores, stays where nothing pays for a move, and owns up to both."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from perfscore import Config
from perfscore.arguments import Exit
from perfscore.calibration import LEAST, OFFICIAL, Calibration, calibrate
from perfscore.errors import PerfscoreError
from perfscore.grading import price
from perfscore.profile import Profile

SHIPPED = Config().profile
MILDER = ("明确清晰性", "实现可能性")
SAMPLES = Path(__file__).parents[1] / "perfscore" / "samples"


def labelled(card, profile: Profile) -> pd.DataFrame:
    """The scores that a bureau would give that judges exactly by a profile, save for whole points."""
    n_rows = card.indicators.query("judged").groupby("project_id").size()
    points = price(card.findings, n_rows, profile).groupby("project_id")["points"].sum()
    rated = card.projects.dropna(subset="score")["project_id"]
    return pd.DataFrame({"project_id": rated, "score": (100 - rated.map(points).fillna(0)).round()})


def milder(by: float) -> Profile:
    """A bureau that takes less for a missing basis, for vague words and for minor defects."""
    points = {name: points * (by if name in MILDER else 1) for name, points in SHIPPED.criteria.items()}
    return replace(SHIPPED, criteria=points, severity={**SHIPPED.severity, "minor": SHIPPED.severity["minor"] * by})


@pytest.fixture(scope="module")
def helped(sample_card) -> Calibration:
    return calibrate(sample_card, labelled(sample_card, milder(0.2)), SHIPPED)


def test_points_move_to_what_the_labels_ask_for(helped):
    assert helped.helped
    assert helped.profile is helped.fitted
    assert helped.after.mad < 0.8 * helped.before.mad
    moved = helped.points.set_index("item")
    factor = moved["after"] / moved["before"]
    lowered = factor[[*MILDER, "share_minor"]]
    assert lowered.max() <= 1
    assert lowered.min() < 0.9
    assert lowered.mean() < factor.drop(lowered.index).mean()


def test_labels_that_agree_move_nothing(sample_card):
    found = calibrate(sample_card, labelled(sample_card, SHIPPED), SHIPPED)
    assert not found.helped
    assert found.profile is SHIPPED
    assert found.points["after"].tolist() == pytest.approx(found.points["before"].tolist(), abs=0.5)


@pytest.mark.slow
def test_noise_does_not_help(sample_card):
    """Labels shuffled between projects hold nothing to learn, and cross-validation must say so."""
    labels = labelled(sample_card, SHIPPED).reset_index(drop=True)
    shuffled = labels.assign(score=labels["score"].sample(frac=1, random_state=1).to_numpy())
    found = calibrate(sample_card, shuffled, SHIPPED)
    assert not found.helped
    assert found.profile is SHIPPED


@pytest.mark.slow
@pytest.mark.parametrize("extreme", [lambda rank: 100 * (rank % 2), lambda rank: 40 + rank])
def test_points_stay_within_the_official_form(sample_card, extreme):
    labels = labelled(sample_card, SHIPPED)
    labels["score"] = [float(min(extreme(rank), 100)) for rank in range(len(labels))]
    fitted = calibrate(sample_card, labels, SHIPPED).fitted
    for name, points in fitted.criteria.items():
        assert 1 <= points <= max(OFFICIAL[name], SHIPPED.criteria[name])
    shares = [fitted.severity[name] for name in ("critical", "major", "minor", "info")]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (1, 0)
    assert 0.1 <= fitted.full_share <= 1
    assert fitted.gates == SHIPPED.gates
    assert not fitted.verified


def test_whole_documents_are_left_out(sample_card, helped):
    rated = sample_card.projects.dropna(subset="score")
    assert dict(helped.folds[["left_out", "n"]].to_numpy()) == rated["doc"].value_counts().to_dict()
    assert helped.folds["n"].sum() == helped.before.n == helped.after.n == len(rated)


@pytest.mark.slow
def test_groups_of_projects_are_left_out_where_documents_are_few(sample_card):
    one = replace(sample_card, projects=sample_card.projects.assign(doc="合订本.docx"))
    folds = calibrate(one, labelled(sample_card, SHIPPED), SHIPPED).folds
    assert folds["left_out"].tolist() == list("12345")
    assert set(folds["n"]) <= {4, 5}


@pytest.mark.slow
def test_a_document_left_out_is_scored_without_its_own_labels(sample_card, helped):
    """If its labels cannot move its scores, the distances to 0 and to 100 add up to 100."""
    labels, doc = labelled(sample_card, milder(0.2)), helped.folds["left_out"].iloc[0]
    own = labels["project_id"].str.startswith(doc)
    far = [
        calibrate(sample_card, labels.assign(score=labels["score"].where(~own, score)), SHIPPED)
        .folds.set_index("left_out")
        .loc[doc, "after"]
        for score in (0.0, 100.0)
    ]
    assert sum(far) == pytest.approx(100)
    assert far[0] != pytest.approx(helped.folds["before"].iloc[0])


@pytest.mark.slow
def test_the_same_labels_give_the_same_profile(sample_card, helped):
    again = calibrate(sample_card, labelled(sample_card, milder(0.2)).iloc[::-1], SHIPPED)
    assert again.fitted == helped.fitted
    pd.testing.assert_frame_equal(again.folds, helped.folds)


def test_too_few_labels_are_refused(sample_card):
    labels = labelled(sample_card, SHIPPED)
    with pytest.raises(PerfscoreError, match=f"只有 {LEAST - 1} 个，至少要 {LEAST} 个"):
        calibrate(sample_card, labels.head(LEAST - 1), SHIPPED)
    with pytest.raises(PerfscoreError, match="另有 21 条标注没有对上"):
        calibrate(sample_card, labels.assign(project_id="别处#1"), SHIPPED)


def test_scores_that_are_all_the_same_are_refused(sample_card):
    with pytest.raises(PerfscoreError, match="评分相同"):
        calibrate(sample_card, labelled(sample_card, SHIPPED).assign(score=60), SHIPPED)


def test_the_command_writes_a_profile_that_loads(run, sample_card, helped, tmp_path):
    labelled(sample_card, milder(0.2)).to_csv(tmp_path / "labels.csv", index=False)
    code, out, err = run("calibrate", tmp_path / "labels.csv", SAMPLES, "-o", tmp_path / "own.toml")
    assert code == Exit.DONE
    assert "采用校准后的分值" in out
    assert "已保存校准后的评分标准" in err
    assert Profile.load(str(tmp_path / "own.toml")) == helped.profile
    assert tomllib.loads((tmp_path / "own.toml").read_text("utf-8"))["title"].endswith("按 21 个项目的评分校准")
    assert run("score", "--sample", "--profile", tmp_path / "own.toml")[0] == Exit.DONE


@pytest.mark.slow
def test_the_command_keeps_the_given_profile_where_nothing_helps(run, sample_card, tmp_path):
    labelled(sample_card, SHIPPED).to_csv(tmp_path / "labels.csv", index=False)
    code, out, err = run("calibrate", tmp_path / "labels.csv", SAMPLES, "-o", tmp_path / "own.toml")
    assert code == Exit.DONE
    assert "保留原来的分值" in out
    assert "已保存原来的评分标准" in err
    assert Profile.load(str(tmp_path / "own.toml")) == SHIPPED


def test_the_command_refuses_what_it_cannot_do(run, sample_card, tmp_path):
    labels = labelled(sample_card, SHIPPED)
    labels.head(3).to_csv(tmp_path / "few.csv", index=False)
    code, _, err = run("calibrate", tmp_path / "few.csv", SAMPLES)
    assert (code, "至少要" in err) == (Exit.USAGE, True)
    code, _, err = run("calibrate", tmp_path / "few.csv", SAMPLES, "-o", tmp_path / "own.xlsx")
    assert (code, ".toml" in err) == (Exit.USAGE, True)
    (tmp_path / "notice.txt").write_text("通知", encoding="utf-8")
    assert run("calibrate", tmp_path / "few.csv", tmp_path / "notice.txt")[0] == Exit.NOTHING
