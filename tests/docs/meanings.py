"""What the reference says beside the code. A key that the code has and this has not fails the generation."""

from __future__ import annotations

from typing import Final

SETTINGS: Final = {
    "data_dir": ("`data`", "where the hub keeps its files"),
    "batch_size": ("", "raw records in one transaction, 1 to 50000; more is faster and takes more memory"),
    "precedence": (
        "",
        "whose word about an organisation counts: connector ids, highest first (in the environment with commas)",
    ),
    "database.url": ("`sqlite:///<data_dir>/hub.sqlite3`", "`sqlite:///file` or `postgresql://user@host/name`"),
    "archive.path": ("`<data_dir>/archive`", "the folder that raw records are kept in"),
    "archive.keep": ("`forever`", 'for how long they are kept: `forever`, or a time span as in `"400d"`'),
    "archive.keep_current": (
        "",
        "whether files that hold the current version of some raw record stay beyond that, so that it can be replayed",
    ),
    "privacy.pseudonym_key": (
        "made at first use, in `<data_dir>/pseudonym.key`",
        "key of natural persons' pseudonyms, at least 32 characters; in the file only as a reference to a secret",
    ),
    "http.proxy": ("none", "the proxy that requests go through, `http://host:port`; a password in it is never shown"),
    "http.ca_file": ("the system's", "certificates to trust, as a PEM file; relative to the folder above `config`"),
    "http.user_agent": ("", "what publishers see; say how to reach you: `integration-hub (it@example.se)`"),
    "http.timeout_seconds": ("", "to connect, and of silence after that, before a request is made again"),
    "log.level": ("", "`debug`, `info`, `warning` or `error`"),
    "schedule.tick": ("`5s`", "how often `hub serve` looks at what is due, 1 second to 1 hour"),
    "schedule.parallel": ("4 on PostgreSQL, 1 on SQLite", "runs at once, 1 to 16"),
    "schedule.per_host": ("", "how many of them may read from the same host, as their connectors name their hosts"),
    "schedule.jitter": (
        "`5m`",
        "runs begin up to so much later than scheduled, at random; at most a tenth of the interval",
    ),
    "conditions.failing_after": ("", "syncs in a row that did not read a source whole, before it counts as failing"),
    "notices.name": ("", "this hub's name in notices"),
    "notices.webhook": (
        "none",
        "where each notice is posted as JSON: `https://…`, http only to this machine; its path and query are secret",
    ),
    "notices.mail.host": ("none", "the mail server that takes notices; without one none are mailed"),
    "notices.mail.port": ("587, 465 with `tls`, 25 with `none`", "its port"),
    "notices.mail.security": ("", "`starttls`, `tls`, or `none` for a server on this machine"),
    "notices.mail.user": ("none", "user name at the mail server"),
    "notices.mail.password": ("none", "its password, as a reference to a secret"),
    "notices.mail.sender": ("", "the address that notices come from"),
    "notices.mail.recipients": ("", "the addresses that get them (in the environment with commas)"),
    "serve.listen": ("", 'where `hub serve` shows health and metrics, `host:port`; `""` for nowhere'),
    "serve.token": (
        "none: metrics are for this machine alone",
        "opens the metrics to other machines, at least 32 characters, as a reference to a secret",
    ),
    "log.format": ("", "`text` for people, `json` for machines; logs go to standard error"),
}
"""Key → default, where the model does not say it, and meaning."""

SOURCE: Final = {
    "connector": "what reads it; `hub connectors` lists them",
    "schedule": "`hourly`, `daily`, `weekly`, `every 15m` (m, h or d) or `cron 0 6 * * 1` (minute, hour, day,"
    " month, weekday); when `hub serve` runs it",
    "timezone": 'Where days and times of `daily`, `weekly` and cron are, as in `"Europe/Stockholm"`; when clocks are'
    " changed no day is left out and none comes twice",
    "lookback": 'How far a timestamp cursor reaches back, as in `"2d"`; else as the connector says',
    "max_age": 'For how long it may stay unread before it is stale, as in `"36h"`; else twice its schedule\'s interval'
    " and an hour",
    "inbox": 'The drop folder that files for it are left in, as `"inbox/karlstad"`; `config.path` is then a folder in'
    " its `klart/`",
    "enabled": "`false` leaves the source out of `hub sync`, unless it is named",
    "config": "the connector's own settings, see [Connectors](connectors.md)",
}

HOOKS: Final = {
    "hub_connectors": "Asked when a plugin is loaded. The ids in the manifests must be the entry points' names.",
    "hub_identifier_schemes": "Asked when a hub is opened; a scheme that comes with the hub keeps its code.",
    "hub_signals": "Asked once by each process that reads sources. The columns are those of"
    " [signals files](../../config/signals/README.md).",
    "hub_secret": "Asked when the configuration is read. The value shows itself as stars and is taken out of logs.",
    "hub_event": "Events today: `run_started` (`source`), `run_finished` (`source`, `outcome`, `reason`), and"
    " `condition_raised` and `condition_cleared` (the keys of a [notice](../how-to/operate.md#notices)).",
}

EXITS: Final = {
    "0": "done; for `hub sync`: every source was read whole",
    "1": "`hub sync`, `hub demo`: at least one source was not read whole",
    "2": "the command or the configuration is wrong, or there is nothing of that name",
    "3": "a plugin is broken and `HUB_STRICT_PLUGINS=1` is set; otherwise only its own sources fail",
    "4": "the database cannot be opened, is locked, or went away",
    "70": "a fault of the hub itself; run it again with `hub --debug …`",
    "130": "stopped with Ctrl-C",
}

STATUS_NOTE: Final = "Rows in quarantine do not change the exit code: the source was read whole, and says which rows."

OUTCOMES: Final = (
    ("`succeeded`", "read whole, something was new", "0"),
    ("`unchanged`", "read whole, nothing was new", "0"),
    ("`partial`", "the source broke on the way, or a whole file could not be read; the rest is stored", "1"),
    ("`suspect`", "stored, but so much less came than last time that nothing was retired", "1"),
    ("`failed`", "nothing could be read, or the run could not begin", "1"),
    ("`cancelled`", "stopped by the operator; what was committed stays", "1"),
    ("`lost`", "the process was killed; noted when the source's next run begins", "–"),
)

ENTITIES: Final = {
    "`organisation`": "`v1_organisation`",
    "`membership`": "`v1_registration`, without this id",
    "`notice`": "`v1_notice`, with `v1_lot` and `v1_notice_party`",
    "`contract`": "`v1_contract`, with `v1_contract_supplier`",
    "`payment`": "`v1_payment`",
    "`social_assessment`": "`v1_social_assessment`, by `organisation_id` and `valid_from`; with `v1_social_evidence`",
}
