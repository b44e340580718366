"""The codebook of a survey folder as DDI-Codebook 2.5, the form in which data archives exchange codebooks.

Written with the standard library; element order follows the published schema.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd

from regint.survey.published import Survey, tidy_table

NAMESPACE = "ddi:codebook:2_5"
"""XML namespace of DDI-Codebook 2.5."""


def ddi_codebook(survey: Survey) -> bytes:
    """Codebook of a survey in DDI-Codebook 2.5.

    Parameters
    ----------
    survey : Survey
        A survey folder, read.

    Returns
    -------
    bytes
        XML: the study with its title, producer, dates and population; one `var` per question with its wording
        (`qstn`) and one `catgry` per response, `missing="Y"` where it has no substance, with its frequency
        where it is known. A choose-several question is a `varGrp` of type `multipleResp` with one `var` per
        response.

    References
    ----------
    DDI Alliance (2014). *DDI-Codebook 2.5*. https://ddialliance.org/Specification/DDI-Codebook/2.5/

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> text = ddi_codebook(read_survey("data/survey/astana_2025")).decode()
    >>> text.count("<titl>"), 'missing="Y"' in text or "<catgry>" in text
    (1, True)
    """
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    _study(root, survey)
    table = tidy_table(survey)
    weighted = bool(survey.metadata.get("weight"))
    data = _child(root, "dataDscr")
    several = [name for name, row in survey.questions.iterrows() if row["total"] == "multiple"]
    for question in several:
        _group(data, str(question), survey.questions.loc[question], table[table["question"] == question])
    for question, row in survey.questions.iterrows():
        own = table[table["question"] == question]
        if question in several:
            for name, (_, response) in zip(_members(str(question), own), own.iterrows(), strict=True):
                _dichotomy(data, name, response, row)
        else:
            _variable(data, str(question), row, own, weighted)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element; characters XML cannot hold are left out."""
    element = ET.SubElement(parent, tag, {name: _legal(value) for name, value in attributes.items()})
    if text:
        element.text = _legal(text)
    return element


def _legal(text: str) -> str:
    """Text without the characters that XML 1.0 forbids."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )


def _study(root: ET.Element, survey: Survey) -> None:
    """Study description: citation, scope, method."""
    about = survey.metadata
    study = _child(root, "stdyDscr")
    citation = _child(study, "citation")
    title = _child(citation, "titlStmt")
    _child(title, "titl", str(about["title"]))
    _child(title, "IDNo", str(about["id"]))
    if about.get("organiser"):
        _child(_child(citation, "prodStmt"), "producer", str(about["organiser"]))
    summary = _child(_child(study, "stdyInfo"), "sumDscr")
    dates = about.get("fieldwork") or {}
    for event in ("start", "end"):
        if dates.get(event):
            _child(summary, "collDate", str(dates[event]), date=str(dates[event]), event=event)
    if about.get("population"):
        _child(summary, "universe", str(about["population"]))
    method = _child(_child(study, "method"), "dataColl")
    if about.get("mode"):
        _child(method, "collMode", str(about["mode"]))
    if about.get("weight"):
        named = ", ".join(f"{key}: {value}" for key, value in about["weight"].items())
        _child(method, "weight", f"Stated by the user. {named}")


def _members(question: str, own: pd.DataFrame) -> list[str]:
    """Names of the variables of a choose-several question; the point keeps them apart from questions."""
    return [f"{question}.{response}" for response in own["response"]]


def _group(data: ET.Element, question: str, row: pd.Series, own: pd.DataFrame) -> None:
    """Variable group of a choose-several question."""
    members = " ".join(f"v_{name}" for name in _members(question, own))
    group = _child(data, "varGrp", ID=f"g_{question}", type="multipleResp", var=members, name=question)
    _child(group, "labl", str(row["label"]))
    if row["wording"]:
        _child(group, "txt", str(row["wording"]))


def _variable(data: ET.Element, question: str, row: pd.Series, own: pd.DataFrame, weighted: bool) -> None:
    """Variable of a choose-one question or a rating."""
    nature = "ordinal" if row["scale"] == "ordered" else "nominal"
    variable = _child(data, "var", ID=f"v_{question}", name=question, intrvl="discrete", nature=nature)
    _child(variable, "labl", str(row["label"]))
    _wording(variable, row)
    _valid(variable, row)
    if row["wording"] and row["wording_status"] != "reported":
        _child(variable, "txt", str(row["wording"]))
    for number, (_, response) in enumerate(own.iterrows(), start=1):
        score = response["score"]
        rated = row["kind"] == "rating"
        value = f"{score:g}" if pd.notna(score) else f"M{number}" if rated else str(number)
        _category(variable, value, response, weighted)
    _child(variable, "varFormat", type="numeric")


def _dichotomy(data: ET.Element, name: str, response: pd.Series, row: pd.Series) -> None:
    """Variable of one response of a choose-several question: chosen or not."""
    variable = _child(data, "var", ID=f"v_{name}", name=name, intrvl="discrete", nature="nominal")
    _child(variable, "labl", str(response["label"]))
    _valid(variable, row)
    chosen = _child(variable, "catgry")
    _child(chosen, "catValu", "1")
    _child(chosen, "labl", "Chosen")
    if pd.notna(response["count"]):
        _child(chosen, "catStat", str(int(response["count"])), type="freq")
    _child(variable, "varFormat", type="numeric")


def _wording(variable: ET.Element, row: pd.Series) -> None:
    """Question text, where it is known word for word."""
    if row["wording"] and row["wording_status"] == "reported":
        _child(_child(variable, "qstn"), "qstnLit", str(row["wording"]))


def _valid(variable: ET.Element, row: pd.Series) -> None:
    """Numbers of those who answered and those who did not, where they are known."""
    if pd.notna(row["answered"]):
        _child(variable, "sumStat", str(int(row["answered"])), type="vald")
        if pd.notna(row["asked"]):
            _child(variable, "sumStat", str(int(row["asked"] - row["answered"])), type="invd")


def _category(variable: ET.Element, value: str, response: pd.Series, weighted: bool) -> None:
    """One response with its frequency, weighted too where weights were stated."""
    attributes: dict[str, Any] = {} if response["substantive"] else {"missing": "Y"}
    category = _child(variable, "catgry", **attributes)
    _child(category, "catValu", value)
    _child(category, "labl", str(response["label"]))
    if pd.notna(response["count"]):
        _child(category, "catStat", str(int(response["count"])), type="freq")
    if weighted and pd.notna(response.get("weighted_count")):
        _child(category, "catStat", f"{response['weighted_count']:.10g}", type="freq", wgtd="wgtd")
