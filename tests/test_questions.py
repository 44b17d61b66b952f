"""Questions that people asked in public, and the first line they ought to get.

The right answer stands first, in our words or as the program puts it; then the question, shortened
and in our words, where it was asked, and how one would put it to the program.
"""

from typing import Any, NamedTuple

import pytest

from tests.run import advisor


class Question(NamedTuple):
    """*first* begins the first line; *then* are words that follow; *wrong*: why it fails today."""

    first: str
    asked: str
    at: str
    words: list[str]
    then: tuple[str, ...] = ()
    wrong: str | None = None


def check(client: str | None, protocol: str, port: int, label: str, *more: str) -> list[str]:
    """The words that put settings to the program."""
    whose = ["--client", client] if client else []
    return [
        "check", "--offline", "--protocol", protocol, "--host", "mail.example.org",
        "--port", str(port), "--security", label, *whose, *more,
    ]  # fmt: skip


def message(text: str) -> list[str]:
    """The words that put an error message to the program."""
    return ["diagnose", text]


WRONG = "These settings are wrong."
MODE = "The program began with TLS, but the server answered in clear text"

QUESTIONS = [
    Question(
        "Port 465 with SSL/TLS (implicit TLS) first, then 587",
        "The set-up page says 465 for TLS. Is that not SSL, and TLS only on 587?",
        "https://github.com/Mailu/Mailu/issues/2820",
        ["port", "465 or 587, which one is TLS?"],
    ),
    Question(
        "Port 465 with SSL/TLS (implicit TLS) first, then 587",
        "My provider names both 465 and 587 and recommends 465; which do I enter?",
        "https://github.com/LukeSmithxyz/mutt-wizard/issues/898",
        ["port", "587", "465"],
    ),
    Question(
        "Port 993 with SSL/TLS (implicit TLS) first, then 143",
        "Should the guide not put TLS from the start before STARTTLS?",
        "https://github.com/mailcow/mailcow-dockerized-docs/issues/112",
        ["port", "is 143 with STARTTLS as good as 993?"],
    ),
    Question(
        "Port 587 with STARTTLS (required) first, then 25",
        "Sending through 25 is blocked here, should it not be 587?",
        "https://github.com/MailCore/mailcore2/issues/1271",
        ["port", "port 25 is blocked by my provider, can I use 587?"],
    ),
    Question(
        "ManageSieve: port 4190 with STARTTLS (required)",
        "Why do filter clients find nothing on 4190 once it is switched to TLS from the start?",
        "https://github.com/nixcloud/nixcloud-webservices/issues/53",
        ["port", "sieve"],
    ),
    Question(
        "Outgoing mail (SMTP): port 465 with “SSL/TLS”",
        "Which port for outgoing mail in Thunderbird?",
        "http://kb.mozillazine.org/Secure_connections_-_Thunderbird",
        ["port", "which port for outgoing mail in Thunderbird?"],
    ),
    Question(
        "STARTTLS (in thunderbird@3.1-131): STARTTLS, required",
        "Does Thunderbird 17 fall back to clear text with STARTTLS, without telling me?",
        "http://forums.mozillazine.org/viewtopic.php?f=39&t=2730845",
        ["explain", "STARTTLS", "--client", "thunderbird@17"],
    ),
    Question(
        "TLS (in thunderbird@<3): for imap and pop3: STARTTLS, required",
        "What is the difference between TLS and SSL in Thunderbird 2?",
        "http://kb.mozillazine.org/Secure_connections_-_Thunderbird",
        ["explain", "TLS", "--client", "Thunderbird 2"],
    ),
    Question(
        "EMAIL_USE_TLS",
        "Does EMAIL_USE_TLS mean STARTTLS? The only clue is a timeout on 465.",
        "https://github.com/HybirdCorp/creme_crm/issues/190",
        ["explain", "EMAIL_USE_TLS", "--client", "django"],
        ("STARTTLS, required",),
        wrong="a switch is found only together with its value (EMAIL_USE_TLS = True)",
    ),
    Question(
        WRONG,
        "Mail hangs with port 465 and EMAIL_USE_TLS, and works with 587. Why?",
        "https://github.com/maxking/docker-mailman/issues/624",
        check("django", "smtp", 465, "EMAIL_USE_TLS = True"),
        ("EMAIL_USE_SSL = True",),
    ),
    Question(
        WRONG,
        "The same, typed as it stands in many files: without blanks round the sign.",
        "https://github.com/healthchecks/healthchecks/issues/683",
        check("django", "smtp", 465, "EMAIL_USE_TLS=True"),
        ("EMAIL_USE_SSL = True",),
        wrong="labels with = are recognised only with the blanks that the data have",
    ),
    Question(
        WRONG,
        "K-9 cannot send over SSL through the submission port, other programs can.",
        "https://github.com/thunderbird/thunderbird-android/issues/2488",
        check("K-9 Mail 5.206", "smtp", 587, "SSL/TLS"),
        ("port to 465",),
    ),
    Question(
        WRONG,
        "A notification with “secure” ticked on 587 ends in “wrong version number”.",
        "https://github.com/louislam/uptime-kuma/issues/140",
        check("nodemailer", "smtp", 587, "secure: true"),
        ("port to 465",),
    ),
    Question(
        WRONG,
        "PHP hangs when sending with 'tls' to port 465.",
        "https://github.com/PHPMailer/PHPMailer/issues/629",
        check("phpmailer", "smtp", 465, "SMTPSecure = 'tls'"),
        ("SMTPSecure = 'ssl'",),
    ),
    Question(
        WRONG,
        "SMTP connect() failed with 'ssl' on port 587.",
        "https://github.com/PHPMailer/PHPMailer/issues/601",
        check("phpmailer", "smtp", 587, "SMTPSecure = 'ssl'"),
        ("port to 465",),
    ),
    Question(
        WRONG,
        "encryption: tls with port 587 does not work, none does.",
        "https://github.com/home-assistant/core/issues/119632",
        check("home assistant", "smtp", 587, "encryption: tls"),
        ("port to 465",),
    ),
    Question(
        WRONG,
        "Empty startup greeting with tls:// and port 993.",
        "https://github.com/roundcube/roundcubemail/issues/8461",
        check("roundcube", "imap", 993, "tls://"),
        ("ssl://",),
    ),
    Question(
        WRONG,
        "SmtpClient with EnableSsl hangs on port 465.",
        "http://blog.falafel.com/blogs/11-03-14/the_different_flavors_of_secure_smtp_and_ssl",
        check(".NET", "smtp", 465, "EnableSsl = true"),
        ("port to 587",),
    ),
    Question(
        WRONG,
        "msmtp does not get through to a provider that has only 465.",
        "https://github.com/LukeSmithxyz/mutt-wizard/issues/206",
        check("msmtp", "smtp", 465, "tls on"),
        ("tls_starttls off",),
    ),
    Question(
        WRONG,
        "Relaying to port 465 does not work, 587 does.",
        "https://github.com/docker-mailserver/docker-mailserver/issues/1428",
        check("postfix", "smtp", 465, "smtp_tls_security_level = encrypt"),
        ("smtp_tls_wrappermode = yes",),
    ),
    Question(
        "These settings work, at a risk.",
        "Why is no mail collected since Secure Password Authentication is ticked?",
        "https://psmail.net/xsupport/category/faqs/faq-psmailbox/page/7",
        check("outlook 2016", "imap", 993, "SSL", "--sign-in", "SPA"),
        ("sign-in to",),
    ),
    Question(
        MODE,
        "What is 1408F10B, ssl3_get_record:wrong version number?",
        "https://github.com/nodemailer/nodemailer/issues/1038",
        message(
            "Error: 4425106880:error:1408F10B:SSL routines:ssl3_get_record:wrong version number:"
            "../deps/openssl/openssl/ssl/record/ssl3_record.c:332:"
        ),
        ("STARTTLS for ports 143, 110 and 587",),
    ),
    Question(
        "The program began with TLS, but the port greets in clear text.",
        "Alerts fail with “first record does not look like a TLS handshake”.",
        "https://github.com/grafana/grafana/issues/8071",
        message(
            'logger=alerting.notifier.email error="tls: first record does not look like a TLS '
            'handshake"'
        ),
    ),
    Question(
        "Microsoft no longer takes a password here, only OAuth2.",
        "An app password does not help against 5.7.139 either.",
        "https://github.com/odysseus-dev/odysseus/issues/197",
        ["diagnose", "5.7.139 Authentication unsuccessful, basic authentication is disabled."],
    ),
    Question(
        "Microsoft no longer takes a password here, only OAuth2.",
        "Why does the IMAP login of a Hotmail account fail with any password?",
        "https://github.com/holon-run/uxc/issues/445",
        ["diagnose", "a1 NO Basic authentication is disabled."],
        wrong="no entry for the IMAP form of the message",
    ),
    Question(
        "Google did not accept the password for sending.",
        "535-5.7.8 although the password is right.",
        "https://daimto.com/how-to-fix-username-and-password-when-accessing-googles-smtp-server",
        message(
            "535-5.7.8 Username and Password not accepted. Learn more at "
            "https://support.google.com/mail/?p=BadCredentials"
        ),
        ("app password",),
    ),
    Question(
        "The server wants encryption before anything else.",
        "PHP's mail() gets 530 5.7.0 Must issue a STARTTLS command first.",
        "http://www.kouhan.cn/en/article/00027526",
        ["diagnose", "SMTP server response: 530 5.7.0 Must issue a STARTTLS command first."],
        ("STARTTLS on port 587",),
    ),
    Question(
        "The server hung up.",
        "0x800CCC0F with POP3 on 110: server, network, or the virus scanner?",
        "http://www.theemailadmin.com/2009/11/troubleshooting-error-code-0x800ccc0f/",
        message(
            "Your server has unexpectedly terminated the connection. Account: 'name', Server:"
            "'server', Protocol: POP3, Port 110, Secure (SSL); No, Error Number: 0x800CCC0F"
        ),
    ),
    Question(
        "The server passes mail to other domains only for those who sign in.",
        "The server rejects the recipient: Relay access denied.",
        "https://www.antionline.com/showthread.php?mode=threaded&p=692064",
        ["diagnose", "554 <bob@example.net>: Recipient address rejected: Relay access denied"],
        wrong="Postfix' own words are known only directly behind the address",
    ),
    Question(
        "The server passes mail to other domains only for those who sign in.",
        "Outlook Express: relaying denied, proper authentication required.",
        "https://support.moonpoint.com/network/email/clients/outlook-express/outlook-express6-tls.php",
        message(
            "Server Response: '550 5.7.1... Relaying denied. Proper authentication"
            " required.', Port: 25, Secure(SSL): No, Server Error: 550, Error Number: 0x800CCC79"
        ),
        wrong="sendmail's words are not known, only Outlook's number",
    ),
    Question(
        "The certificate is made out for another",
        "mail.example.com is not in the cert's altnames, it names the panel's host.",
        "https://github.com/towfiqi/serpbear/issues/245",
        message(
            "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's "
            "altnames: Host: mail.example.com. is not in the cert's altnames: DNS:jupiter."
            "example.com"
        ),
        wrong="no entries for Node.js",
    ),
    Question(
        "The server shows no way to sign in before",
        "smtplib says that SMTP AUTH is not supported; another provider works.",
        "https://zhjwpku.com/2017/02/14/smtp-auth-extension-not-supported-by-server.html",
        ["diagnose", "smtplib.SMTPException: SMTP AUTH extension not supported by server."],
        wrong="no entries for Python's smtplib",
    ),
]


def _case(one: Question) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=one.wrong)] if one.wrong else []
    return pytest.param(one, id=one.at.partition("://")[2], marks=marks)


@pytest.mark.parametrize("question", [_case(one) for one in QUESTIONS])
def test_a_real_question_gets_the_right_first_line(question: Question) -> None:
    """The answer begins with what the asker needs, and tells what to do about it."""
    ran = advisor(*question.words)
    assert ran.out, ran.err
    page = " ".join(ran.out.split())
    assert page.startswith(question.first), page[:200]
    for words in question.then:
        assert words in page


def test_there_are_twenty_and_each_says_where_it_was_asked() -> None:
    """Twenty that are answered, whatever becomes of the rest."""
    assert len([one for one in QUESTIONS if one.wrong is None]) >= 20
    assert all(one.at.startswith(("https://", "http://")) for one in QUESTIONS)
