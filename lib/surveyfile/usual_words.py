# ruff: noqa: E501 - tables of words
"""What answers and names of columns usually mean, in English, German, French, Spanish and Russian.

Tables of words, and small functions that look them up. A word that a table does not know decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from surveyfile.platforms import is_date


def _plain(text: str) -> str:
    """Words of a text: small letters, no marks, no endings in brackets such as ``(e)`` or ``(на)``."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    text = re.sub(r"(?<=\w)\(\w{1,3}\)", "", text)
    return " ".join(re.sub(r"[^\w%$€£₽<>≤≥+]+|_", " ", text).split())


def _words(*lines: str) -> frozenset[str]:
    """Words of a table, parted by bars."""
    return frozenset(_plain(word) for line in lines for word in line.split("|"))


# Answers without substance.

_WITHOUT_SUBSTANCE = _words(
    "dk|d k|ref|refused|refusal|no answer|no opinion|no response|not stated|don't know|do not know|dont know",
    "i don't know|can't say|cannot say|can't choose|prefer not to say|prefer not to answer|prefer not to disclose",
    "i prefer not to say|i prefer not to answer|rather not say|don't want to answer|declined to answer|declined",
    "hard to say|difficult to say|weiß nicht|weiss nicht|ich weiß nicht|keine angabe|k a|keine antwort|verweigert",
    "möchte ich nicht sagen|ne sait pas|je ne sais pas|nsp|sans réponse|ne souhaite pas répondre|refus|sans opinion",
    "no sabe|no sé|no lo sé|ns|nc|no contesta|no responde|prefiero no responder|prefiero no decirlo|sin respuesta",
    "не знаю|нет ответа|затрудняюсь ответить|затрудняюсь|отказ|отказ от ответа|не хочу отвечать|трудно сказать",
    "білмеймін|жауап жоқ",
)  # fmt: skip
_NOTHING = _words("na|n a")
"""What R writes for an empty cell, though a person may mean it: Naryn has the initials NA."""


def lacks_substance(label: str) -> bool:
    """Whether a label says that somebody gave no answer in substance, such as ``DK/Refused (VOL.)``."""
    text = re.sub(r"\((vol|volunteered)\.?\)", "", label.replace("’", "'"), flags=re.IGNORECASE)
    parts = [
        _plain(part) for part in re.split(r"/|,|;|\bor\b|\boder\b|\bou\b|\bo\b|\bили\b", text.casefold())
    ]
    said = [part for part in parts if part and part not in _NOTHING]
    return (
        _plain(text) in _WITHOUT_SUBSTANCE or bool(said) and all(map(_WITHOUT_SUBSTANCE.__contains__, said))
    )


def sounds_missing(label: str) -> bool:
    """Whether a label may be no answer in substance; of some, such as NA, only the reader can tell."""
    return lacks_substance(label) or _plain(label) in _NOTHING


# Options that are ticked or not.

_TICKS = _words(
    "1|x|✓|true|checked|selected|ticked|quoted|mentioned|genannt|ausgewählt|coché|cochée|cité|marcado"
)
_TICKS |= _words("seleccionado|mencionado|выбрано|отмечено|упомянуто")
_NO_TICKS = _words(
    "0|false|unchecked|not checked|not selected|not ticked|not quoted|not mentioned|nicht genannt"
)
_NO_TICKS |= _words("nicht ausgewählt|non coché|non cochée|non cité|no marcado|no seleccionado|no mencionado")
_NO_TICKS |= _words("не выбрано|не отмечено|не упомянуто")
_YES, _NO = _words("yes|y|ja|j|oui|o|sí|si|s|да"), _words("no|n|nein|non|нет")
_OTHERS = _words(
    "other|other please specify|other specify|others|something else|other please describe|sonstiges|andere|anderes",
    "sonstige|autre|autres|autre veuillez préciser|otro|otra|otros|otro especifique|другое|другой|иное|text|башка",
)  # fmt: skip


def is_other(option: str) -> bool:
    """Whether an option stands for what others wrote in their own words."""
    return (
        _plain(re.sub(r"_\d+$", "", option)) in _OTHERS
    )  # of two columns with one name the second has a number


def ticked(labels: Collection[str]) -> tuple[str, str]:
    """Of two labels, the one that says an option was chosen, and whether the two are sure: tick, yes, or none."""
    known = {label: _plain(label) for label in labels}
    for sort, yes, no in (("tick", _TICKS, _NO_TICKS), ("yes", _YES, _NO)):
        chosen = [label for label, text in known.items() if text in yes]
        if len(chosen) == 1 and all(text in no for label, text in known.items() if label not in chosen):
            return chosen[0], sort
        if known and not chosen and all(text in no for text in known.values()):
            return "", sort
    return "", ""


# Scales: from low to high; words for one step are parted by bars. N and P are the poles of a template.

_TEMPLATES = {
    "en": "not at all P|not P at all < not very P|not too P|not so P|not particularly P|not really P"
    " < extremely N|completely N|totally N|N completely < very N|strongly N|much N|a lot N|N strongly|highly N"
    " < N|mostly N|quite N|generally N < somewhat N|rather N|fairly N|moderately N|tend to N|N somewhat|partly N"
    " < slightly N|a little N|N slightly|N a little|a bit N"
    " < neither N nor P|neither P nor N|neither N or P|neither P or N|neither|neither nor|neutral|undecided|mixed"
    "|about the same|the same|no change|unchanged|stayed the same|no difference|moderate|medium|average"
    " < slightly P|a little P|P slightly|P a little|a bit P"
    " < somewhat P|rather P|fairly P|moderately P|tend to P|P somewhat|partly P"
    " < P|mostly P|quite P|generally P < very P|strongly P|much P|a lot P|P strongly|highly P"
    " < extremely P|completely P|totally P|P completely",
    "de": "überhaupt nicht P|gar nicht P < nicht P < eher nicht P|weniger P|nicht so P|wenig P"
    " < äußerst N|völlig N < sehr N|viel N < N|ziemlich N < eher N|etwas N"
    " < weder N noch P|weder P noch N|weder noch|teils teils|neutral|mittelmäßig|mittel|unentschieden|gleich geblieben|gleich"
    " < eher P|etwas P < P|ziemlich P < sehr P|viel P < äußerst P|völlig P|voll und ganz P",
    "fr": "pas du tout P < peu P|pas très P < tout à fait N|extrêmement N < très N|beaucoup N < N < plutôt N|assez N|un peu N"
    " < ni P ni N|ni N ni P|neutre|moyen|moyenne|moyennement P|sans changement|pareil"
    " < plutôt P|assez P|un peu P < P < très P|beaucoup P < tout à fait P|extrêmement P|entièrement P|totalement P",
    "es": "nada P < poco P < totalmente N|completamente N < muy N|mucho N < N|bastante N < algo N|más bien N|parcialmente N"
    " < ni P ni N|ni N ni P|neutral|indiferente|regular|igual"
    " < algo P|más bien P|parcialmente P < P|bastante P < muy P|mucho P < totalmente P|completamente P",
    "ru": "совершенно N|полностью N|абсолютно N|категорически N|крайне N|совсем N|вообще N < очень N|намного N|гораздо N"
    " < N|в основном N|в целом N < скорее N|отчасти N|частично N|немного N"
    " < ни P ни N|ни N ни P|нейтрально|и да и нет|средне|без изменений|так же|не изменилось|отчасти да отчасти нет"
    " < скорее P|отчасти P|частично P|немного P < P|в основном P|в целом P|вполне P < очень P|намного P|гораздо P"
    " < полностью P|совершенно P|абсолютно P|крайне P",
}  # fmt: skip
_POLES = {
    "en": "disagree/agree dissatisfied/satisfied unsatisfied/satisfied unlikely/likely unimportant/important "
    "unfavorable/favorable unfavourable/favourable unfavorably/favorably unfavourably/favourably disapprove/approve oppose/support oppose/favor oppose/favour "
    "negative/positive difficult/easy hard/easy unsafe/safe uncomfortable/comfortable unhappy/happy worse/better "
    "bad/good useless/useful unhelpful/helpful untrue/true uninterested/interested unconcerned/concerned "
    "unfamiliar/familiar unaware/aware weak/strong low/high unconfident/confident unwilling/willing "
    "unprepared/prepared untrustworthy/trustworthy inactive/active dislike/like",
    "de": "unzufrieden/zufrieden unwahrscheinlich/wahrscheinlich unwichtig/wichtig schlecht/gut negativ/positiv "
    "schwer/leicht schwierig/einfach unsicher/sicher niedrig/hoch dagegen/dafür unglücklich/glücklich "
    "schlechter/besser ablehnend/zustimmend schwach/stark",
    "fr": "pas_d_accord/d_accord insatisfait/satisfait insatisfaite/satisfaite mécontent/content improbable/probable "
    "mauvais/bon mauvaise/bonne mal/bien négatif/positif négative/positive difficile/facile "
    "défavorable/favorable insignifiant/important pire/mieux faible/fort opposé/favorable",
    "es": "en_desacuerdo/de_acuerdo insatisfecho/satisfecho insatisfecha/satisfecha improbable/probable malo/bueno "
    "mala/buena mal/bien negativo/positivo negativa/positiva difícil/fácil desfavorable/favorable "
    "irrelevante/importante peor/mejor bajo/alto baja/alta en_contra/a_favor",
    "ru": "не_согласен/согласен не_согласна/согласна не_удовлетворен/удовлетворен не_удовлетворена/удовлетворена "
    "не_доволен/доволен недоволен/доволен недовольна/довольна маловероятно/вероятно не_важно/важно неважно/важно "
    "плохо/хорошо плохое/хорошее отрицательно/положительно негативно/позитивно трудно/легко сложно/легко "
    "низкий/высокий хуже/лучше против/за не_поддерживаю/поддерживаю не_доверяю/доверяю",
}  # fmt: skip
_LINES = """
never < almost never|hardly ever|very rarely < rarely|seldom < occasionally|once in a while < sometimes|about half the time|half the time < often|frequently|regularly < very often|usually|most of the time < almost always|nearly always < always|all the time
never < less often|less than once a year < once a year|yearly|annually|about once a year < several times a year|a few times a year|a couple of times a year < less than once a month < once a month|monthly|about once a month|at least once a month < several times a month|a few times a month|two to three times a month|2 to 3 times a month|2 3 times a month < once a week|weekly|about once a week|at least once a week < several times a week|a few times a week|2 3 times a week|2 to 3 times a week < almost every day|nearly every day|most days < daily|every day|once a day|at least once a day < several times a day|multiple times a day|many times a day
terrible|awful|very poor|very bad < poor|bad < below average < fair|average|ok|okay|so so|acceptable|adequate|neither good nor bad|satisfactory < above average < good < very good < excellent|outstanding
none at all|none|not at all|nothing at all|nothing|no confidence at all < very little|hardly at all|hardly any|not very much|not much|not too much|only a little|little < a little|slightly|a little bit|a bit|a small amount < some|somewhat|moderately|a moderate amount|to some extent|a fair amount|in part|partly < quite a bit|quite a lot|mostly|considerably < a lot|much|very much|a great deal|to a great extent|very < completely|extremely|entirely|totally|fully
definitely not|certainly not|definitely no < probably not|probably no|rather not < maybe|perhaps|might or might not|unsure|not sure < probably|probably yes|rather yes < definitely|definitely yes|certainly|absolutely
much less|a lot less < less|fewer < somewhat less|a little less|slightly less < about the same|the same|about right|no change < somewhat more|a little more|slightly more < more < much more|a lot more
far too little|much too little < too little < about right|just right|the right amount < too much < far too much|much too much
stimme überhaupt nicht zu|stimme gar nicht zu|stimme absolut nicht zu|lehne völlig ab|lehne stark ab < stimme nicht zu|lehne ab < stimme eher nicht zu|lehne eher ab < teils teils|weder noch|neutral|unentschieden|stimme weder zu noch nicht zu < stimme eher zu|stimme teilweise zu < stimme zu < stimme voll und ganz zu|stimme voll zu|stimme völlig zu|stimme stark zu|stimme vollkommen zu
trifft überhaupt nicht zu|trifft gar nicht zu < trifft nicht zu < trifft eher nicht zu|trifft weniger zu|trifft kaum zu < teils teils|weder noch|neutral|trifft teilweise zu < trifft eher zu < trifft zu < trifft voll und ganz zu|trifft voll zu|trifft völlig zu|trifft genau zu
nie|niemals < fast nie|sehr selten < selten < gelegentlich|ab und zu|hin und wieder < manchmal < oft|häufig|regelmäßig < sehr oft|sehr häufig|meistens < fast immer < immer|ständig
nie|niemals < seltener|weniger als einmal im jahr < jährlich|einmal im jahr|einmal pro jahr < mehrmals im jahr|mehrmals pro jahr < monatlich|einmal im monat|einmal pro monat < mehrmals im monat|mehrmals pro monat < wöchentlich|einmal in der woche|einmal pro woche < mehrmals in der woche|mehrmals pro woche < täglich|jeden tag < mehrmals täglich|mehrmals am tag
sehr schlecht < schlecht < mittelmäßig|mittel|teils teils|geht so|ausreichend < gut < sehr gut < ausgezeichnet|hervorragend
gar nicht|überhaupt nicht|nichts|gar nichts < kaum|sehr wenig < wenig|ein wenig|ein bisschen < etwas|teilweise|mittelmäßig|mäßig < ziemlich|ziemlich viel < viel|sehr|stark < sehr viel|sehr stark|voll und ganz|völlig
jamais < presque jamais|très rarement < rarement < de temps en temps|occasionnellement < parfois|quelquefois < souvent|fréquemment|régulièrement < très souvent|la plupart du temps|généralement < presque toujours < toujours
jamais < moins souvent|moins d'une fois par an < une fois par an|chaque année < plusieurs fois par an|quelques fois par an < une fois par mois|chaque mois < plusieurs fois par mois < une fois par semaine|chaque semaine < plusieurs fois par semaine < tous les jours|chaque jour|quotidiennement < plusieurs fois par jour
très mauvais|très mauvaise < mauvais|mauvaise < moyen|moyenne|passable|acceptable < bon|bonne < très bon|très bonne < excellent|excellente
pas du tout|rien|aucune|aucun < très peu|à peine < un peu|peu < moyennement|en partie < assez|plutôt < beaucoup|très < énormément|tout à fait|complètement
nunca|jamás < casi nunca|muy rara vez < rara vez|raramente|pocas veces < de vez en cuando|ocasionalmente < a veces|algunas veces < a menudo|frecuentemente|con frecuencia|regularmente < muy a menudo|la mayoría de las veces|muchas veces < casi siempre < siempre
nunca|jamás < con menos frecuencia|menos de una vez al año < una vez al año|cada año < varias veces al año < una vez al mes|cada mes|mensualmente < varias veces al mes < una vez a la semana|una vez por semana|cada semana < varias veces a la semana|varias veces por semana < todos los días|cada día|diariamente < varias veces al día
muy malo|muy mala|muy mal < malo|mala|mal < regular|aceptable < bueno|buena|bien < muy bueno|muy buena|muy bien < excelente
nada|nada en absoluto|ninguna|ninguno < muy poco|muy poca < poco|poca|un poco < algo|regular|moderadamente < bastante < mucho|mucha < muchísimo|totalmente|completamente
никогда < почти никогда|очень редко < редко < иногда|время от времени < часто|регулярно < очень часто|обычно|чаще всего < почти всегда < всегда|постоянно
никогда < реже|реже раза в год|реже одного раза в год < раз в год|один раз в год < несколько раз в год < раз в месяц|один раз в месяц|ежемесячно < несколько раз в месяц < раз в неделю|один раз в неделю|еженедельно < несколько раз в неделю < ежедневно|каждый день < несколько раз в день
очень плохо|очень плохое|очень плохая < плохо|плохое|плохая < средне|среднее|удовлетворительно|нормально|ни хорошо ни плохо < хорошо|хорошее|хорошая < очень хорошо|очень хорошее|очень хорошая < отлично|отличное|отличная
совсем не|совсем нет|нисколько|вообще не|вообще нет|нет доверия < очень мало|почти нет < немного|мало|слегка < умеренно|средне|отчасти|частично < довольно сильно|достаточно|довольно много < сильно|много|очень < очень сильно|очень много|полностью
точно нет|определенно нет|однозначно нет < скорее нет|скорее нет чем да|вероятно нет < может быть|возможно|и да и нет < скорее да|скорее да чем нет|вероятно да < точно да|определенно да|однозначно да
"""  # noqa: E501
_SCALES: list[dict[str, int]] = []


def _scales() -> list[dict[str, int]]:
    """All scales, as the step of each word; made once."""
    if not _SCALES:
        lines = _LINES.strip().splitlines()
        for language, template in _TEMPLATES.items():
            for pair in _POLES[language].split():
                low, high = (pole.replace("_", " ") for pole in pair.split("/"))
                lines.append(re.sub(r"\bP\b", high, re.sub(r"\bN\b", low, template)))
        for line in lines:
            steps = enumerate(line.split("<"))
            _SCALES.append({_plain(word): step for step, words in steps for word in words.split("|")})
    return _SCALES


def in_order(labels: Sequence[str]) -> list[str]:
    """Labels from low to high, where numbers or usual words give all of them a place of its own; else none."""
    for placed in (_by_bands(labels), _by_first_number(labels)):
        if placed:
            return placed
    plain = {
        label: _plain(re.sub(r"^\s*\d+\s*[-.:)=–]\s*|\s*\(\d+\)\s*$", "", label)).replace(" per ", " a ")
        for label in labels
    }
    orders = set()
    for scale in _scales():
        steps = {label: scale[text] for label, text in plain.items() if text in scale}
        if 2 < len(labels) == len(steps) == len({*steps.values()}):
            orders.add(tuple(sorted(labels, key=lambda label: steps[label])))
    return list(orders.pop()) if len(orders) == 1 else []


def almost_in_order(labels: Sequence[str]) -> bool:
    """Whether most labels, three at least, are words of one scale, but not all, or not each at its own place."""
    plain = [_plain(label) for label in labels]
    known = [sum(text in scale for text in plain) for scale in _scales()]
    return not in_order(labels) and max(known) > 2 and 2 * max(known) > len(labels)


def _by_first_number(labels: Sequence[str]) -> list[str]:
    """Order labels such as ``1 - not at all``, ``2``, ``3``, ``4 - very much`` by the numbers they begin with."""
    found = {label: re.fullmatch(r"(-?\d{1,2})(?:\s*[-.:)=–]\s*\D.*)?", label.strip()) for label in labels}
    if len(labels) < 3 or not all(found.values()) or all(label.strip("-").isdecimal() for label in labels):
        return []
    numbers = {label: int(match[1]) for label, match in found.items() if match}
    ordered = sorted(labels, key=lambda label: numbers[label])
    return ordered if all(numbers[b] - numbers[a] == 1 for a, b in pairwise(ordered)) else []


_BELOW_WORDS = _words(
    "under|less|less than|below|up to|younger|younger than|fewer|fewer than|at most|or less|or younger|or under|and under"
    "|<|≤|unter|bis|bis zu|weniger als|jünger als|höchstens|moins de|moins que|jusqu à|menos de|hasta|до|менее|меньше|младше|не более",
)
_ABOVE_WORDS = _words(
    "over|more|more than|above|older|and over|and above|or more|or older|or over|and older|and up|plus|older than|at least"
    "|>|≥|über|ab|mehr als|und älter|und mehr|oder mehr|oder älter|mindestens|plus de|et plus|ou plus|más de|o más|y más|o mayor"
    "|свыше|более|больше|старше|и старше|и более|и больше|от|и выше|не менее",
)
_UNITS = _words(
    "years|year|yrs|years old|years of age|ans|jahre|jahren|años|лет|года|год|aged|age|from|to|and|of|bis|à|de|a|bis|до|от|entre|between"
    "|old|von|und|y|et|и|per|month|en|le"
)


_BELOW, _ABOVE = (
    re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(words)))})(?!\w)")
    for words in (_BELOW_WORDS, _ABOVE_WORDS | {"+"})
)
_KNOWN = {part for word in _BELOW_WORDS | _ABOVE_WORDS | _UNITS for part in word.split()} | {*"+<>$€£₽"}


def _by_bands(labels: Sequence[str]) -> list[str]:
    """Order bands of numbers, such as ages and incomes, that do not overlap and are of one unit."""
    bands: dict[str, tuple[float, float]] = {}
    units = set()
    for label in labels:
        text = re.sub(r"(?<=\d)[ ,.'’\u00a0\u202f](?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", label))
        text = re.sub(r"(\d)\s?([kK])\b", r"\g<1>000", text)
        numbers = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", text)]
        words = _plain(re.sub(r"\d+(?:[.,]\d+)?", " ", text))
        below, above = _BELOW.search(words), _ABOVE.search(words)
        if len(numbers) == 2 and numbers[0] <= numbers[1]:
            bands[label] = numbers[0], numbers[1]
        elif len(numbers) == 1 and bool(below) != bool(above):
            bands[label] = (-1, numbers[0]) if below else (numbers[0], float("inf"))
        elif len(numbers) == 1 and not words:
            bands[label] = numbers[0], numbers[0]
        else:
            return []
        units.add(frozenset(words.split()) - _KNOWN)
    ordered = sorted(labels, key=lambda label: bands[label])
    apart = all(bands[a][1] <= bands[b][0] and bands[a] != bands[b] for a, b in pairwise(ordered))
    several = sum(low != high for low, high in bands.values())
    # One open end at most on each side; a unit is named by all, or by those that name any.
    ends = [low == -1 for low, _ in bands.values()], [high == float("inf") for _, high in bands.values()]
    return (
        ordered
        if (
            len(labels) > 2
            and apart
            and several > 1
            and len(units - {frozenset()}) < 2
            and all(sum(e) < 2 for e in ends)
        )
        else []
    )


# What a column may be that is no question.

_WEIGHT = re.compile(
    r"(.*[\W_])?(p|f|a|i|final|post|pond|sample|survey|design|person)?(weights?|wei?ghting|wgts?|wts?|wtss\w*|gewichte?|gewichtung"
    r"|poids|pond[ée]ration|ponderador|ponderación|factor de (ponderación|expansión)|peso|вес|веса|взвешивание)([\W_]?\d*)?([\W_].*)?",
    re.IGNORECASE,
)


def looks_like_weight(name: str, wording: str, texts: Iterable[str]) -> bool:
    """Whether a column is named like one of weights, and holds nothing but numbers that are not negative."""
    named = _WEIGHT.fullmatch(name) or re.search(r"\bweight(s|ing)?\b|\bgewichtung", wording, re.IGNORECASE)
    numbers = [re.fullmatch(r"\d+([.,]\d+)?([eE]-?\d+)?", text) for text in texts]
    return bool(named and numbers and all(numbers))


_PERSONAL = {
    "e-mail addresses": re.compile(r"[^@\s]+@[^@\s]+\.\w{2,}"),
    "web addresses": re.compile(r"(https?://|www\.)\S+", re.IGNORECASE),
    "IP addresses": re.compile(
        r"(\d{1,3}\.){3}\d{1,3}(:\d+)?|([0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}", re.IGNORECASE
    ),
}
_SELDOM = {
    "telephone numbers": re.compile(r"(\+|00?)\(?[1-9][\d\s()./-]{5,}\d|\(?\d{2,5}\)?[\s/-]\d{2,4}[\s-]?\d{2,4}([\s-]?\d{2,4})?"),
    "coordinates": re.compile(r"-?\d{1,3}\.\d{3,}([,; ]+-?\d{1,3}\.\d{3,}.*)?"),
}  # fmt: skip
_PERSONAL_NAMES = re.compile(
    r"\b(e-?mails?|mail ?address|phone|telephone|mobile|cell ?phone|address|street|zip ?code|post ?code|postal code|latitude"
    r"|longitude|gps|ip ?address|(first|last|full|your|sur|family|given|user) ?name|name (first|last)|surname|passport|date of birth|birth ?date"
    r"|vorname|nachname|telefon\w*|anschrift|adresse|straße|prénom|nom de famille|votre nom|téléphone|courriel|apellidos?|tu nombre"
    r"|correo|dirección|teléfono|фамилия|имя|отчество|фио|телефон|адрес|почта)\b",
    re.IGNORECASE,
)


def personal(name: str, wording: str, times: Mapping[str, int]) -> str:
    """Name what a column seems to hold that may point at people, by the answers given, or by its name; or none.

    An answer that many gave points at nobody: of telephone numbers and coordinates, and of what only the
    name tells, a third of the answers must stand alone.
    """
    answers = sum(times.values())
    seldom = 3 * sum(number == 1 for number in times.values()) >= answers
    if answers and 2 * sum(number for text, number in times.items() if is_date(text)) >= answers:
        return "dates or times"
    for what, pattern in (_PERSONAL | (_SELDOM if seldom else {})).items():
        if answers and 2 * sum(n for text, n in times.items() if pattern.fullmatch(text)) >= answers:
            return what
    return (
        "personal data, by its name"
        if seldom and _PERSONAL_NAMES.search(f"{name} | {wording}".replace("_", " "))
        else ""
    )
