"""Pages that show something else instead of an article, and articles about such pages."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Config
from cleaner.walls import FILE, kinds
from tests.strategies import PARAGRAPHS, TITLES
from tests.test_html_properties import assert_partition

CONSENT = (
    "<title>Harbour Echo</title><main><h1>We value your privacy</h1><p>We and our partners store and/or access information on a device, such as"
    " cookies, and process personal data, such as unique identifiers, for personalised ads and content, ad measurement and audience research.</p>"
    "<p>With your consent we and our partners may use precise geolocation data. You can withdraw your consent at any time by"
    " returning to this site and opening the settings at the bottom of each page.</p><p>Some of this happens on the basis of a"
    " legitimate interest, to which you can object.</p><button>Accept all</button><button>Manage options</button></main>"
)
LOGIN = (
    "<title>Log in | Harbour Echo</title><h1>Log in</h1><form><label>Email</label><input><label>Password</label><input><a href=/f>Forgot password?</a>"
    "<button>Log in</button></form><p>Don't have an account? Create an account in less than a minute, it costs nothing.</p>"
)
WALLS = [
    ("a consent wall", CONSENT),
    (
        "a consent wall",
        "<title>Hafenecho</title><div class=dialog><h2>Wir schätzen Ihre Privatsphäre</h2><p>Wir und unsere Partner verwenden Cookies und verarbeiten"
        " personenbezogene Daten für personalisierte Werbung. Ihre Einwilligung können Sie jederzeit widerrufen, mit Wirkung für die Zukunft.</p>"
        "<button>Alle akzeptieren</button><button>Ablehnen</button></div>",
    ),
    (
        "a consent wall",
        "<title>L'Écho du port</title><div><p>Nous et nos partenaires stockons des informations sur un terminal et traitons des données personnelles,"
        " avec votre consentement, pour des publicités personnalisées et la mesure de leur audience.</p><button>Tout accepter</button><button>Continuer sans accepter</button></div>",
    ),
    ("a check for robots", "<title>Just a moment...</title><h1>harbour-echo.example</h1><p>Checking your browser before accessing harbour-echo.example.</p>"),
    (
        "a check for robots",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><h2>You are unable to access harbour-echo.example</h2><h2>Why have I been blocked?</h2>"
        "<p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution. There"
        " are several actions that could trigger this block including submitting a certain word or phrase, a SQL command or malformed data.</p>"
        "<h2>What can I do to resolve this?</h2><p>You can email the site owner to let them know you were blocked. Please include what you were doing when this page came up.</p>",
    ),
    ("a check for robots", "<title>Access denied</title><h1>Access Denied</h1><p>You don't have permission to access \"http://harbour-echo.example/\" on this server.</p><p>Reference #18.2d3a</p>"),
    ("a page that shows its text only with JavaScript", "<title>Harbour Echo</title><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=a.js></script>"),
    ("a page that shows its text only with JavaScript", "<title>Harbour Echo</title><div id='app'></div><script src=a.js></script>"),
    ("a page that shows its text only with JavaScript", "<title>Echo</title><p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p><script src=a.js></script>"),
    (
        "an error page",
        "<title>Page not found | Harbour Echo</title><nav><a href=/>Home</a></nav><h1>404</h1><p>The page you are looking for may have been moved or deleted, or it never was here at all.</p>"
        "<ul><li><a href=/1>Ferry returns to the strait</a></li><li><a href=/2>Council votes on the ramp</a></li></ul>",
    ),
    ("an error page", "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>"),
    ("an error page", "<title>503 Service Temporarily Unavailable</title><h1>Service Temporarily Unavailable</h1><p>The server is temporarily unable to service your request. Please try again later.</p>"),
    ("an error page", "<title>Página no encontrada - El Eco</title><h1>Página no encontrada</h1><p>La página que buscas no existe o ha cambiado de dirección.</p>"),
    ("an error page", "<title>ページが見つかりません</title><h1>ページが見つかりません</h1><p>お探しのページは移動または削除された可能性があります。</p>"),
    ("an error page", "<title>Страница не найдена</title><h1>Страница не найдена</h1><p>Запрашиваемая страница удалена или никогда не существовала.</p>"),
    ("a log-in wall", LOGIN),
]  # fmt: skip


@pytest.mark.parametrize(("name", "html"), WALLS)
def test_walls_are_named_and_give_no_text(name: str, html: str) -> None:
    result = cleaner.explain_html(html)
    assert result.text == ""
    assert any(name in warning for warning in result.warnings), result.warnings
    assert len(result.warnings) == 1
    assert_partition(result)
    assert pickle.loads(pickle.dumps(result)) == result


def test_what_goes_has_a_rule_and_can_be_kept() -> None:
    result = cleaner.explain_html(CONSENT)
    assert "any.consent.wall" in {one.rule for one in result.removed}
    for config in (Config(keep={"consent"}), Config(disable={"any.consent.wall"}), Config(mode="conservative")):
        other = Cleaner(config).explain_html(CONSENT)
        assert "a consent wall" in other.warnings[0]
        assert "any.consent.wall" not in {one.rule for one in other.removed}


def test_the_start_of_an_article_above_a_wall_stays() -> None:
    page = (
        "<title>Ferry returns to the strait</title><article><h1>Ferry returns to the strait</h1><p>The first ferry in nine months left the upper quay at ten past"
        " seven with forty cars and a brass band on board, and nobody on the island had expected it.</p></article><div class=paywall><p>Log in to continue reading.</p></div>"
    )
    result = cleaner.explain_html(page)
    assert "forty cars" in result.text
    assert "continue reading" not in result.text
    assert "only the start of its article, under a log-in wall" in result.warnings[0]


ABOUT = [
    (
        "Why every site asks for your cookies",
        [
            "Open any newspaper on the continent and a grey box slides over the first paragraph. \"We value your privacy,\" it says, and then explains for four screens why it doesn't.",
            'The box has two buttons, and the one that says "Accept all" is always the larger. Researchers at the University of Varn counted nine thousand of them last spring.',
            "Behind the box stands an auction. Within a tenth of a second four hundred companies learn that a reader in Ostermouth has opened a page about gardening.",
            "The regulator in Lund fined three publishers in May, and a court is to decide before the summer whether a subscription is a choice at all.",
            "Readers have found their own answer: seven of ten click on whatever makes the box go away, and no more than one in fifty has ever opened the list behind it.",
        ],
    ),
    (
        "404 Not Found",
        [
            "The most famous room of the internet never existed. The story that the error is named after an office on the fourth floor was made up by a magazine in 1998.",
            "What the number says is dull: four for a mistake of the one who asks, and four for the fourth of such mistakes that somebody thought of on an afternoon.",
            '"The page you are looking for may have been moved or deleted" is the sentence that Tomas Brandt has read more often than any other; he collects them.',
            "His cellar in Ostermouth holds eleven thousand printed error pages, sorted by the animal that apologises on them. Most are dogs, and a good many are whales.",
        ],
    ),
    (
        "The end of the puzzle with the traffic lights",
        [
            "Are you a robot? For twenty years the question stood between people and their tickets, and for ten of them the robots have been better at answering it.",
            "A group in Varn let machines and three hundred volunteers select all squares with bicycles. The machines needed two seconds, and the volunteers gave up first.",
            '"Checking your browser" has become the more common greeting. What it checks is how a hand moves on its way to the box, and whether there is a hand.',
            "Blind users were never able to pass at all, as their association in Lund has been saying since the first of the pictures appeared.",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body"), ABOUT, ids=[title for title, _ in ABOUT])
@pytest.mark.parametrize(
    "around",
    [
        "",
        "<div class=cookie-bar><p>We use cookies to improve your experience.</p><button>Accept all</button><button>Reject all</button></div>",
    ],
)
def test_articles_about_walls_stay(title: str, body: list[str], around: str) -> None:
    page = f"<title>{title} | Harbour Echo</title><article><h1>{title}</h1>{''.join(f'<p>{text}</p>' for text in body)}</article>{around}"
    result = cleaner.explain_html(page)
    assert result.text == "\n\n".join([title, *body])
    assert result.warnings == ()


SHORT = (
    "<p>The ferry sailed at dawn with forty cars, and nobody on the quay waved to it as it left.</p>",
    "<p>The tide turned at nine.</p>",
)


@pytest.mark.parametrize("body", SHORT)
def test_a_short_article_with_a_cookie_bar_stays(body: str) -> None:
    page = f"<title>Ferry returns to the strait | Echo</title><article><h1>Ferry returns to the strait</h1>{body}</article><div class=cookie-consent><p>We use cookies.</p><button>Accept all</button></div><a href=/login>Log in</a><a href=/r>Create an account</a>"
    result = cleaner.explain_html(page)
    assert body[3:-4] in result.text
    assert result.warnings == ()


@given(
    st.sampled_from(WALLS),
    st.lists(st.sampled_from(PARAGRAPHS), min_size=4, max_size=6, unique=True),
    st.integers(0, 1),
)
@settings(max_examples=40)
def test_an_article_beside_a_wall_is_no_wall(wall: tuple[str, str], body: list[str], before: int) -> None:
    dialog = wall[1].partition("</title>")[2]
    article = f"<article><h1>{TITLES[0]}</h1>{''.join(f'<p>{text}</p>' for text in body)}</article>"
    dialog = f"<div class=modal>{dialog}</div>"
    result = cleaner.explain_html(f"<title>{TITLES[0]}</title>{dialog + article if before else article + dialog}")
    assert all(text in result.text for text in body)
    assert not any("looks like" in warning for warning in result.warnings)


def test_the_file() -> None:
    assert [kind.key for kind in kinds()] == ["bot", "script", "error", "login", "consent"]
    written = FILE.read_text(encoding="utf-8")
    assert "\t" not in written
    for kind in kinds():
        assert kind.category in cleaner.CATEGORIES
        assert "" not in kind.lines
        assert "" not in kind.phrases
        assert len(kind.lines) >= 10


@pytest.mark.parametrize(
    "unit", ["<noscript>", "<p>404</p>", "<p>Accept all</p>", "<p>we use cookies ", "<noscript><", "<title>|"]
)
def test_hostile_pages_take_linear_time(unit: str) -> None:
    assert_partition(cleaner.explain_html(unit * 20_000))
