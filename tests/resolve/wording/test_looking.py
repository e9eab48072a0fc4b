"""What is noticed in a text, what is not, and what is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.wording import LIMIT, Kind, look

LATE = {
    "en": (
        "Stock always sends it late.",
        "The hand-over from stock came after the agreed time; what would help is ...",
    ),
    "ru": (
        "Склад всегда отправляет с опозданием.",
        "Передача со склада пришла позже согласованного времени; помогло бы ...",
    ),
    "uk": (
        "Склад завжди відправляє із запізненням.",
        "Передача зі складу надійшла пізніше узгодженого часу; допомогло б ...",
    ),
}


@pytest.mark.parametrize("language", LATE)
def test_a_suggestion_keeps_the_fact_and_turns_it_to_the_hand_over(
    language: str,
) -> None:
    text, offered = LATE[language]

    (found,) = look(text, language).findings

    assert (found.kind, found.suggestion) == (Kind.GENERALISATION, offered)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The dispatcher is incompetent.", "What would help next time?"),
        ("Диспетчер некомпетентен.", "Что поможет в следующий раз?"),
        ("Диспетчер некомпетентний.", "Що допоможе наступного разу?"),
    ],
)
def test_without_a_fact_it_only_asks_what_would_help(text: str, question: str) -> None:
    assert [one.suggestion for one in look(text).findings] == [question]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (
            "The people at dispatch cannot even read a label.",
            "What would help next time?",
        ),
        (
            "Nobody in the workshop ever reads the notes.",
            "What was written down did not reach the workshop; what would help is ...",
        ),
        (
            "The drivers are always late because the warehouse is slow.",
            "The hand-over came after the agreed time; what would help is ...",
        ),
        ("Да они читать не умеют.", "Что поможет в следующий раз?"),
        ("Кто опоздает завтра, останется без премии.", "Что поможет в следующий раз?"),
        (
            "Водитель опять привёз на склад не тот товар.",
            "Переданное от перевозчика отличалось от согласованного; помогло бы ...",
        ),
        (
            "Маркетинг никого не предупредил, как обычно.",
            "Нужное сообщение из маркетинга вовремя не пришло; помогло бы ...",
        ),
        ("Ще раз запізнитесь – звільню.", "Що допоможе наступного разу?"),
        (
            "Диспетчер знову не передзвонив клієнту.",
            "Потрібне повідомлення від диспетчерів вчасно не надійшло; допомогло б ...",
        ),
        (
            "Це провина кур'єра, що коробка приїхала пом'ята.",
            "Передане надійшло з пошкодженням; допомогло б ...",
        ),
    ],
)
def test_a_fact_is_what_a_sentence_says_and_the_place_is_who_hands_over(
    text: str, offered: str
) -> None:
    assert [one.suggestion for one in look(text).findings] == [offered]


@pytest.mark.parametrize(
    "text",
    [
        "They always forget the customer.",
        "It isn't us, ask the warehouse.",
        "It's the fault of the packing team.",
        "They don't care.",
        "Dispatch made a mistake and the customer waits.",
        "From our side it is done, ask the warehouse.",
        "Они вечно забывают клиента.",
        "Это не мы, спросите склад.",
        "Отдел закупок виноват, что линия стояла два дня.",
        "Из-за вашей халатности мы потеряли контракт.",
        "Мы всё сделали правильно, ошиблась бухгалтерия.",
        "Знову не спромоглися.",
        "Це не ми, спитайте склад.",
        "Кур'єр привіз чужу посилку, соромно за таких працівників.",
        "Склад винен у затримці.",
        "Відділ закупівель винен, що лінія стояла два дні.",
        "Ці люди взагалі не розуміють, що роблять.",
    ],
)
def test_what_looks_for_a_culprit_is_noticed(text: str) -> None:
    assert look(text).findings


@pytest.mark.parametrize(
    "text",
    [
        "Nobody is to blame.",
        "The fault code is E21, the failure rate 2 %.",
        'The customer wrote: "You are all idiots."',
        "We should have asked; our form asks for it now.",
        "Thank you to the night shift.",
        "Could stock tell us by ten?",
        "Nobody here knows what the third copy is for.",
        "It needs six signatures; that is too slow for a promise of five days.",
        "If nothing changes, we will lose this customer by the end of the quarter.",
        "From our side it is done. What do you still need?",
        "From now on the packing slip shows how many boxes belong together.",
        "Our department never got access to the calendar, can IT grant it by Friday?",
        "I would have liked to know on Monday; a short call would be enough.",
        "Перевозчик не виноват.",
        "Мастер считал код ошибки.",
        "Зимой на погрузке всегда холодно, батареи сканеров держат полдня.",
        "С нашей стороны всё готово. Что ещё нужно от нас?",
        "Заявку видел техник; хотелось бы одного ответственного до конца.",
        "Перевод ждёт, пока служба контроля не проверит имя, так велит закон.",
        "В понедельник у них был выходной, поэтому вывоз был во вторник.",
        "Все молодцы, 96 процентов вовремя на этой неделе!",
        "Клиент пишет, что водитель хам.",
        "Ніхто не винен.",
        "Клієнт пише, що водій хам.",
        "Майстер зчитав код помилки.",
        "У вівторок о 14:10 кур'єр привіз чужу посилку.",
        "Кур'єр привіз чужу посилку, заміна вже в дорозі.",
        "У нас ніхто не знає, куди йде третій примірник.",
        "З нашого боку все готово. Що ще потрібно від нас?",
        "Нам так і не відкрили доступ до календаря, ІТ, зможете до п'ятниці?",
        "Мені б знати про це в понеділок, вистачить короткого дзвінка.",
        "З погодою нічого не вдієш, але подзвонити клієнтові до виїзду ми можемо.",
    ],
)
def test_facts_own_steps_and_the_customers_words_are_left_alone(text: str) -> None:
    assert look(text).findings == ()


def test_the_letters_tell_the_language_whatever_was_said() -> None:
    text, offered = LATE["uk"]

    for said in ("en", "ru", "uk", "xx", None):
        assert [one.suggestion for one in look(text, said).findings] == [offered]


def test_each_sentence_is_read_in_its_own_language() -> None:
    text = " ".join(sentence for sentence, _ in LATE.values())

    found = look(text).findings

    assert [one.suggestion for one in found] == [
        offered for _, offered in LATE.values()
    ]


@pytest.mark.parametrize(
    "text",
    ["STOCK ALWAYS SENDS IT LATE!!!", "😡😡 Stock always sends it late 😡"],
)
def test_capitals_and_pictures_change_nothing(text: str) -> None:
    (found,) = look(text).findings

    assert found.kind is Kind.GENERALISATION
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "They didn't even bother to check.",
        "It wasn't us, ask the warehouse.",
        "That's what happens when they've got the keys, they can't even read.",
    ],
)
def test_a_missing_apostrophe_changes_nothing(text: str) -> None:
    (found,) = look(text).findings
    (without,) = look(text.replace("'", "")).findings

    assert without.kind is found.kind


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Stock always sends it late, e.g. on Friday. Thank you."

    (found,) = look(text).findings

    assert text[found.first : found.last] == text.removesuffix(" Thank you.")


def test_it_in_capitals_is_a_department() -> None:
    assert look("IT always loses our requests.").findings
    assert not look("It always takes two days.").findings
    assert not look("IT ALWAYS TAKES TWO DAYS.").findings


def test_a_slip_of_one_letter_is_forgiven() -> None:
    assert look("The dispatcher is incompetant.").findings
    assert look("Диспетчер некомпитентен.").findings
    assert look("Диспетчер некомпитентний.").findings


def test_a_long_text_is_looked_at_up_to_the_limit() -> None:
    looked = look("Stock always sends it late. " * 40_000)

    assert (looked.read, looked.whole) == (LIMIT, False)
    assert looked.findings[-1].end <= LIMIT


def test_what_is_found_in_a_very_long_sentence_stands_where_it_is() -> None:
    told = "They don't know it and the dispatcher is incompetent"

    (found,) = look(f"{told}{' and so on' * 37}.").findings

    assert found.text == look(told).findings[0].text


_PIECES = st.sampled_from(
    [*(text for text, _ in LATE.values()), "The dispatcher is incompetent.", "«", "\n"]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=40)), max_size=6).map(" ".join))
def test_any_text_is_looked_at_and_findings_lie_in_it_in_order(text: str) -> None:
    findings = look(text).findings

    assert all(text[one.start : one.end] == one.text != "" for one in findings)
    assert all(one.suggestion for one in findings)
    ends = [place for one in findings for place in (one.start, one.end)]
    assert ends == sorted(ends)


@given(_PIECES, st.text(" \t\n", max_size=5), st.text(" \t\n", max_size=5))
def test_blanks_around_a_text_only_move_what_is_found(
    text: str, before: str, after: str
) -> None:
    plain = look(text).findings
    moved = look(before + text + after).findings

    told = [(one.kind, one.text, one.suggestion) for one in plain]
    assert told == [(one.kind, one.text, one.suggestion) for one in moved]
    assert [one.start + len(before) for one in plain] == [one.start for one in moved]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "👍 Thanks. Since 10.30 stock always sends it late… Bye",
            "Since 10.30 stock always sends it late…",
        ),
        ("- Stock always sends it late\n- We load.", "Stock always sends it late"),
        ("Дякую! Склад завжди запізнюється", "Склад завжди запізнюється"),
    ],
)
def test_what_is_offered_stands_for_a_whole_sentence(text: str, sentence: str) -> None:
    (found,) = look(text, "en").findings

    assert text[found.first : found.last] == sentence
    assert found.language == ("uk" if "Склад" in sentence else "en")
