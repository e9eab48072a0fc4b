"""The few words of a picture and its outline, in the languages of the interface."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str, str]] = {
    "customer": ("The customer", "Клиент", "Клієнт"),
    "partner": ("partner", "партнёр", "партнер"),
    "within": ("within {span}", "срок: {span}", "строк: {span}"),
    "allotted": ("Time: {span}", "Время: {span}", "Час: {span}"),
    "gives": (
        "What the customer has from it",
        "Что это даёт клиенту",
        "Що це дає клієнтові",
    ),
    "promises": ("We promise", "Мы обещаем", "Ми обіцяємо"),
    "focus": (
        "The way of “{department}” to the customer",
        "Путь подразделения «{department}» к клиенту",
        "Шлях підрозділу «{department}» до клієнта",
    ),
    "case": ("A case: {concern}", "Дело: {concern}", "Справа: {concern}"),
    "promise": (
        "The promise: {concern}",
        "Обещание клиенту: {concern}",
        "Обіцянка клієнтові: {concern}",
    ),
    "compared": (
        "What changed: {before} → {after}",
        "Что изменилось: {before} → {after}",
        "Що змінилося: {before} → {after}",
    ),
    "added": ("+ new", "+ новое", "+ нове"),
    "removed": ("– removed", "– убрано", "– прибрано"),
    "changed": ("± changed", "± изменено", "± змінено"),
    "added_key": (
        "+ thick line: new",
        "+ толстая линия: новое",
        "+ товста лінія: нове",
    ),
    "removed_key": (
        "– dotted line: removed",
        "– точечная линия: убрано",
        "– крапкова лінія: прибрано",
    ),
    "changed_key": (
        "± double frame: changed",
        "± двойная рамка: изменено",
        "± подвійна рамка: змінено",
    ),
    "distance": (
        "number and shade: hand-overs to the customer",
        "число и оттенок: сколько передач до клиента",
        "число й відтінок: скільки передач до клієнта",
    ),
    "distance_receiver": (
        "number and shade: hand-overs to the department that receives",
        "число и оттенок: сколько передач до подразделения-получателя",
        "число й відтінок: скільки передач до підрозділу-одержувача",
    ),
    "partner_key": (
        "dashed frame: a partner",
        "пунктирная рамка: партнёр",
        "пунктирна рамка: партнер",
    ),
    "frame_key": (
        "frame: the steps of one department, one after the other",
        "рамка: шаги одного подразделения, следующие друг за другом",
        "рамка: кроки одного підрозділу, що йдуть один за одним",
    ),
    "path_key": (
        "thick arrow: the way to the customer",
        "толстая стрелка: путь к клиенту",
        "товста стрілка: шлях до клієнта",
    ),
    "reached": (
        "★ promise that this department helps to keep",
        "★ обещание, которое помогает сдержать это подразделение",
        "★ обіцянка, яку допомагає виконати цей підрозділ",
    ),
    "concern_key": (
        "★ what the complaint is about",
        "★ предмет жалобы",
        "★ предмет скарги",
    ),
    "open": ("○ task open", "○ задание открыто", "○ завдання відкрите"),
    "answered": ("✓ task answered", "✓ ответ на задание дан", "✓ відповідь надано"),
    "withdrawn": ("– task withdrawn", "– задание отозвано", "– завдання відкликано"),
    "open_key": (
        "○ open: the department's answer is awaited",
        "○ открыто: ответ подразделения ожидается",
        "○ відкрите: відповідь підрозділу очікується",
    ),
    "answered_key": ("✓ answered", "✓ ответ дан", "✓ відповідь надано"),
    "withdrawn_key": (
        "– withdrawn: no answer is needed any more",
        "– отозвано: ответ больше не нужен",
        "– відкликано: відповідь більше не потрібна",
    ),
    "keeping": (
        "shaded: helps to keep the promise",
        "закрашено: помогает сдержать обещание",
        "зафарбовано: допомагає виконати обіцянку",
    ),
    "keeps": (
        "helps to keep the promise",
        "помогает сдержать обещание",
        "допомагає виконати обіцянку",
    ),
    "promise_key": (
        "★ the promise",
        "★ это обещание",
        "★ ця обіцянка",
    ),
    "taking_part": (
        "shaded: takes part in the case",
        "закрашено: участвует в деле",
        "зафарбовано: бере участь у справі",
    ),
    "allotted_time": ("allotted: {span}", "отведено: {span}", "відведено: {span}"),
    "usual_time": ("usual: {span}", "обычно: {span}", "зазвичай: {span}"),
    "too_few": (
        "usual: too few orders to say",
        "обычно: слишком мало заказов, чтобы судить",
        "зазвичай: замало замовлень, щоб судити",
    ),
    "counted_with": (
        "in a loop; its time is counted with “{step}”",
        "в цикле; время считается вместе с «{step}»",
        "у циклі; час рахується разом із «{step}»",
    ),
    "counts": (
        "a loop; counted together with: {steps}",
        "цикл; считается вместе с: {steps}",
        "цикл; рахується разом із: {steps}",
    ),
    "waits": ("waits: {span}", "ожидание: {span}", "очікування: {span}"),
    "on_way": (
        "◆ on the longest way in {n} of 100 orders",
        "◆ на самом долгом пути в {n} заказах из 100",
        "◆ на найдовшому шляху в {n} замовленнях зі 100",
    ),
    "times_before_after": (
        "Before: {before}. After: {after}",
        "До: {before}. После: {after}",
        "До: {before}. Після: {after}",
    ),
    "looks_key": (
        "{before} → {after}; pale: before",
        "{before} → {after}; бледное: до",
        "{before} → {after}; бліде: до",
    ),
    "allotted_key": (
        "dashed frame: the time allotted",
        "пунктирная рамка: отведённое время",
        "пунктирна рамка: відведений час",
    ),
    "usual_key": (
        "bar: usual, half of the orders take at most this",
        "полоса: обычно, у половины заказов не дольше",
        "смуга: зазвичай, у половини замовлень не довше",
    ),
    "wait_key": (
        "the wider the arrow, the longer is usually waited; the widest: {span}",
        "чем шире стрелка, тем дольше обычно ждут; самая широкая: {span}",
        "що ширша стрілка, то довше зазвичай чекають; найширша: {span}",
    ),
    "on_way_key": (
        "◆ thick frame, dark arrow: the longest way of at least half of the orders",
        "◆ толстая рамка, тёмная стрелка: самый долгий путь не менее половины заказов",
        "◆ товста рамка, темна стрілка: найдовший шлях щонайменше половини замовлень",
    ),
    "outline_intro": (
        "Value chain “{title}”: {steps}, {departments}, ending in the customer.",
        "Цепочка создания ценности «{title}»: {steps}, {departments}; в конце клиент.",
        "Ланцюг створення цінності «{title}»: {steps}, {departments}; у кінці клієнт.",
    ),
    "steps": ("steps: {n}", "шагов: {n}", "кроків: {n}"),
    "departments": ("departments: {n}", "подразделений: {n}", "підрозділів: {n}"),
    "far_from": (
        "distance from the customer: {n}",
        "расстояние до клиента: {n}",
        "відстань до клієнта: {n}",
    ),
    "far_receiver": (
        "hand-overs to the department that receives: {n}",
        "передач до подразделения-получателя: {n}",
        "передач до підрозділу-одержувача: {n}",
    ),
    "hands_over": (
        "passes to “{to}”",
        "передаёт шагу «{to}»",
        "передає крокові «{to}»",
    ),
    "meets": (
        "here the customer meets us: {touchpoint}",
        "здесь с нами встречается клиент: {touchpoint}",
        "тут із нами зустрічається клієнт: {touchpoint}",
    ),
    "way": (
        "way to the customer: {way}",
        "путь к клиенту: {way}",
        "шлях до клієнта: {way}",
    ),
    "own": (
        "a step of this department",
        "шаг этого подразделения",
        "крок цього підрозділу",
    ),
    "takes_part": (
        "takes part in the case",
        "участвует в деле",
        "бере участь у справі",
    ),
    "handover_concern": (
        "hand-over “{source}” → “{target}”",
        "передача «{source}» → «{target}»",
        "передача «{source}» → «{target}»",
    ),
}

_COLUMN = {"en": 0, "ru": 1, "uk": 2}


def say(language: str, word: str, **facts: object) -> str:
    """Give a text of the table in this language, English where it is not known."""
    return _WORDS[word][_COLUMN.get(language, 0)].format(**facts)
