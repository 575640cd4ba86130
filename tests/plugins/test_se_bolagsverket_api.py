"""Bolagsverket's API: whose turn it is, what an answer means, and that what is not known undoes nothing."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from hub.sdk import (
    AuthFailed,
    Checkpoint,
    ContractBroken,
    Drift,
    Kind,
    Organisation,
    RawRecord,
    RecordRejected,
    SourceUnavailable,
    Status,
)
from hub.testing import (
    Database,
    Fixture,
    Handler,
    TestServer,
    collect,
    connector_suite,
    fake_context,
    open_test_client,
    reply,
    serving,
)
from hub.testing.context import NOW
from hub_se_bolagsverket_api.connector import BolagsverketApi, BolagsverketApiConfig
from hub_se_bolagsverket_api.lap import Lap

FOLDER = Path(__file__).parent / "fixtures" / "se_bolagsverket_api"
WEAVERS, BUILDERS, FORGOTTEN = "7799002014", "5299002013", "5299002021"
SAVED: dict[str, Any] = json.loads((FOLDER / f"organisationer_{WEAVERS}.json").read_text("utf-8"))
Answers = dict[str, Any]


def answer(number: str = WEAVERS, **blocks: Any) -> Any:
    """The saved answer, about another number and with other blocks."""
    row = {**copy.deepcopy(SAVED["organisationer"][0]), **blocks}
    row["organisationsidentitet"]["identitetsbeteckning"] = number
    return {"organisationer": [row]}


def failed(kind: str, block: str = "naringsgrenOrganisation", number: str = WEAVERS) -> Any:
    return answer(number, **{block: {"dataproducent": "SCB", "fel": {"typ": kind, "felBeskrivning": "x"}}})


NOT_FOUND = {
    "organisationer": [
        {"organisationsnamn": {"organisationsnamnLista": [], "fel": {"typ": "ORGANISATION_FINNS_EJ"}}},
    ]
}


def play(site: TestServer, answers: Answers | None = None) -> None:
    """The portal and the API; an answer that is a number is that status."""
    told = answers or {WEAVERS: SAVED, BUILDERS: answer(BUILDERS), FORGOTTEN: NOT_FOUND}

    def act(handler: Handler) -> None:
        number = json.loads(handler.told.asked[-1].body)["identitetsbeteckning"]
        said = told[number]
        status, body = (said, {"status": said, "title": "x"}) if isinstance(said, int) else (200, said)
        reply(status, json.dumps(body).encode(), content_type="application/json")(handler)

    token = {"access_token": "a-token-of-the-test", "token_type": "Bearer", "expires_in": 3600}
    site.on("/token", reply(200, json.dumps(token).encode(), content_type="application/json"))
    site.on("/v1/organisationer", act)


def table(site: TestServer, *numbers: str, **more: Any) -> dict[str, Any]:
    keys = {"client_id": "hub", "client_secret": "a-secret-of-the-test"}
    places = {"url": f"{site.url}/v1", "token_url": f"{site.url}/token"}
    return {**keys, **places, "numbers": numbers or (WEAVERS, BUILDERS, FORGOTTEN), **more}


TestBolagsverketApi = connector_suite(
    BolagsverketApi,
    fixtures=[
        Fixture(
            "asked",
            config=table,
            site=play,
            personal=("850709-9805", "Vilma Påhittad"),
        ),
        Fixture("saved", config={"path": "*.json"}, root=FOLDER, personal=("850709-9805", "Vilma Påhittad")),
    ],
)


def ask(answers: Answers, cursor: Any = None, **more: Any) -> Any:
    """What a run yields, and the numbers it asked for in their order."""
    connector = BolagsverketApi()
    with serving() as site:
        play(site, answers)
        config = BolagsverketApiConfig.model_validate(table(site, *answers, **more))
        with open_test_client(credentials=connector.credentials(config), hosts=connector.manifest.hosts) as client:
            found = collect(connector, fake_context(config, client=client, cursor=cursor))
        bodies = [json.loads(asked.body) for asked in site.asked if asked.path == "/v1/organisationer"]
    return found, [body["identitetsbeteckning"] for body in bodies]


def told(said: Any) -> Organisation:
    found, _ = ask({WEAVERS: said})
    (organisation,) = found.records
    return organisation  # type: ignore[no-any-return]


def test_an_answer_becomes_an_organisation():
    found = told(SAVED)
    assert (found.identifier.value, found.row_key, found.other_names) == (WEAVERS, "1", ("Garnbutiken",))
    assert (found.kind, found.status, found.country) == (Kind.COOPERATIVE, Status.ACTIVE, "SE")
    assert (found.registered_on, found.postal_code, found.legal_form) == (date(2011, 5, 2), "90326", "EK")


def test_slots_of_industry_codes_that_hold_blanks_are_dropped_and_the_version_is_told():
    found = told(SAVED).activities
    assert [(one.code.scheme, one.code.code, one.rank) for one in found] == [
        ("SNI 2025", "88993", 1),
        ("SNI 2025", "13200", 2),
    ]


def test_a_code_that_only_sni_2007_has_is_reported_under_sni_2025():
    cars = answer(naringsgrenOrganisation={"sni": [{"kod": "45400", "klartext": ""}]})
    assert Drift("unknown_code", "sni", "45400") in ask({WEAVERS: cars})[0].drift
    assert not ask({WEAVERS: cars}, sni="SNI 2007")[0].drift


@pytest.mark.parametrize("spelling", ["pagaende", "pagande"])
@pytest.mark.parametrize("since", ["2024-01-26", "2024-01-26T00:00:00.000+00:00"])
def test_both_spellings_of_procedures_are_read(spelling: str, since: str):
    name = f"{spelling}AvvecklingsEllerOmstruktureringsforfarande"
    said = answer()
    del said["organisationer"][0]["pagaendeAvvecklingsEllerOmstruktureringsforfarande"]
    said["organisationer"][0][name] = {f"{name}Lista": [{"kod": "KK", "klartext": "", "fromDatum": since}]}
    found, _ = ask({WEAVERS: said})
    assert (found.records[0].status, found.records[0].status_reason, found.drift) == (Status.WINDING_UP, "KK", [])


@pytest.mark.parametrize("on", ["2023-05-05", "2023-05-05T00:00:00.000+00:00"])
def test_a_deregistration_is_read_as_date_and_as_date_time(on: str):
    found = told(answer(avregistreradOrganisation={"avregistreringsdatum": on}))
    assert (found.status, found.dissolved_on) == (Status.DISSOLVED, date(2023, 5, 5))


def test_an_organisation_of_statistics_sweden_alone_has_its_legal_form_and_no_status():
    found = told(answer(organisationsform=None, juridiskForm={"kod": "61", "klartext": ""}))
    assert (found.legal_form, found.legal_form_scheme, found.kind) == ("61", "SCB juridisk form", Kind.ASSOCIATION)
    assert found.status is None


def test_rows_of_one_number_are_told_apart_by_their_serial():
    both = {"organisationer": [*answer()["organisationer"], *answer(namnskyddslopnummer=2)["organisationer"]]}
    assert [record.row_key for record in ask({WEAVERS: both})[0].records] == ["1", "2"]


@pytest.mark.parametrize("kind", ["TIMEOUT", "OTILLGANGLIG_UPPGIFTSKALLA", "NAGOT_NYTT"])
def test_an_answer_with_an_unknown_block_is_not_stored_but_told(kind: str):
    found, _ = ask({WEAVERS: failed(kind)})
    (reject,) = found.rejects
    assert (found.raw, reject.key, reject.whole) == ([], WEAVERS, True)
    assert "naringsgrenOrganisation" in reject.reason
    assert bool(found.drift) == (kind == "NAGOT_NYTT")
    assert found.items[-1] == Checkpoint({"after": WEAVERS, "again": [WEAVERS]})


def test_a_block_that_one_register_does_not_have_is_empty_and_the_rest_is_stored():
    found = told(failed("ORGANISATION_FINNS_EJ"))
    assert (found.name, found.activities) == ("Vävstugan i Norrby ekonomisk förening", ())


def test_a_number_that_nobody_has_is_a_fact_without_an_organisation():
    found, _ = ask({FORGOTTEN: NOT_FOUND})
    assert [raw.payload["organisationer"] for raw in found.raw] == [[]]
    assert (found.records, found.rejects, found.drift) == ([], [], [])


def test_an_invalid_request_is_rejected():
    (reject,) = ask({WEAVERS: failed("OGILTIG_BEGARAN")})[0].rejects
    assert "OGILTIG_BEGARAN" in reject.reason


def test_a_wrong_check_digit_is_rejected_and_the_next_number_asked():
    found, asked = ask({"5299002022": 400, WEAVERS: SAVED})
    assert ([reject.key for reject in found.rejects], len(found.raw)) == (["5299002022"], 1)
    assert asked == ["5299002022", WEAVERS]


def test_400_for_a_right_number_breaks_the_contract():
    with pytest.raises(ContractBroken):
        ask({WEAVERS: 400})


@pytest.mark.parametrize("status", [401, 403])
def test_refused_keys_say_so(status: int):
    with pytest.raises(AuthFailed, match="client_id"):
        ask({WEAVERS: status})


@pytest.mark.parametrize("status", [404, 500])
def test_no_answer_is_told(status: int):
    with pytest.raises(SourceUnavailable):
        ask({WEAVERS: status})


def test_an_answer_about_another_number_is_not_believed():
    found, _ = ask({WEAVERS: answer(BUILDERS)})
    assert (found.raw, [reject.key for reject in found.rejects]) == ([], [WEAVERS])


def test_persons_are_never_asked_for():
    _, asked = ask({WEAVERS: SAVED, "8507099805": 500, "198507099805": 500, "1602002012": 500})
    assert asked == [WEAVERS]


def test_a_sole_traders_row_is_dropped():
    sole = answer(organisationsform={"kod": "E", "klartext": ""})
    sole["organisationer"][0]["organisationsidentitet"]["identitetsbeteckning"] = "198507099805"
    found, _ = ask({WEAVERS: sole})
    assert [item for item in found.items if not isinstance(item, Checkpoint)] == []


def test_unknown_fields_are_reported_wherever_they_stand():
    said = answer(nytt={"x": 1}, organisationsform={"kod": "EK", "ny": "x"})
    assert {drift.field for drift in ask({WEAVERS: said})[0].drift} == {"nytt", "organisationsform.ny"}


def test_a_code_in_no_list_is_reported_and_means_nothing():
    found, _ = ask({WEAVERS: answer(organisationsform={"kod": "NYF"}, juridiskForm=None)})
    assert (found.records[0].kind, found.drift) == (None, [Drift("unknown_code", "organisationsform", "NYF")])


def test_a_payload_without_a_number_is_rejected():
    with pytest.raises(RecordRejected):
        list(BolagsverketApi().normalise(RawRecord("organisations", "x", SAVED | {"sni": "SNI 2025"})))


def test_without_keys_and_without_files_the_configuration_is_refused():
    with pytest.raises(ValidationError):
        BolagsverketApiConfig()
    assert BolagsverketApi().credentials(BolagsverketApiConfig(path="saved")) is None
    keys = BolagsverketApi().credentials(BolagsverketApiConfig(client_id="a", client_secret=SecretStr("b")))
    assert keys is not None
    assert (keys.style, keys.hosts) == ("basic", ("gw.api.bolagsverket.se",))


def test_the_publishers_limit_is_kept():
    (policy,) = BolagsverketApi.manifest.hosts
    assert (policy.host, policy.requests, policy.per) == ("gw.api.bolagsverket.se", 60, 60)


def test_each_run_goes_on_behind_the_last_and_begins_again_at_the_end():
    numbers, cursor, asked = ["1", "2", "3", "4", "5"], {}, []
    for _ in range(3):
        lap = Lap(numbers, cursor, 2)
        for number in lap:
            asked.append(number)
            lap.answered(number, whole=True)
        cursor = dict(lap.checkpoint().cursor)
    assert asked == ["1", "2", "3", "4", "5", "1"]


def test_a_lasting_outage_does_not_stop_the_round():
    numbers, cursor, asked = [str(number) for number in range(1, 9)], {}, set()
    for _ in range(4):
        lap = Lap(numbers, cursor, 4)
        assert len(lap) == 4
        for number in lap:
            asked.add(number)
            lap.answered(number, whole=False)
        cursor = dict(lap.checkpoint().cursor)
    assert asked == set(numbers)


def test_a_number_that_always_fails_is_passed_by():
    with serving() as site:
        play(site, {BUILDERS: 500, WEAVERS: SAVED})
        config = BolagsverketApiConfig.model_validate(table(site, BUILDERS, WEAVERS))
        connector = BolagsverketApi()
        with open_test_client(credentials=connector.credentials(config)) as client:
            items = connector.fetch(fake_context(config, client=client))
            first = next(items)
            with pytest.raises(SourceUnavailable):
                next(items)
    assert first == Checkpoint({"after": BUILDERS, "again": []})


def test_what_is_no_answer_is_rejected_with_what_it_is(tmp_path: Path):
    (tmp_path / "a.json").write_text('{"status": 401, "title": "Unauthorized"}')
    (tmp_path / "b.json").write_text("<xml/>")
    (tmp_path / "c.json").write_text('{"dokument": []}')
    found = collect(BolagsverketApi(), fake_context(BolagsverketApiConfig(path="*.json"), root=tmp_path))
    assert [(reject.key, reject.reason.partition(",")[0]) for reject in found.rejects] == [
        ("a.json", "an error of the API (401)"),
        ("b.json", "is not JSON in UTF-8"),
        ("c.json", "a list of documents"),
    ]


DAYS: list[Answers] = [
    {WEAVERS: SAVED, BUILDERS: answer(BUILDERS), FORGOTTEN: failed("TIMEOUT", "organisationsnamn", FORGOTTEN)},
    {
        WEAVERS: failed("OTILLGANGLIG_UPPGIFTSKALLA"),
        BUILDERS: answer(BUILDERS, avregistreradOrganisation={"avregistreringsdatum": "2026-03-01"}),
        FORGOTTEN: answer(FORGOTTEN),
    },
    {
        WEAVERS: answer(verksamhetsbeskrivning={"beskrivning": "Väveri"}),
        BUILDERS: NOT_FOUND,
        FORGOTTEN: answer(FORGOTTEN),
    },
]


def run(database: Database, answers: Answers, day: int) -> Any:
    connector = BolagsverketApi()
    with serving() as site:
        play(site, answers)
        config = BolagsverketApiConfig.model_validate(table(site))
        with open_test_client(credentials=connector.credentials(config)) as client:
            return database.run(connector, config, client=client, now=NOW + timedelta(days=day))


def claims(database: Database) -> list[Any]:
    rows = database.rows("v1_organisation")
    return sorted((row["identifier"], row["name"], row["status"], row["purpose"]) for row in rows)


def test_three_days_of_changes_equal_a_fresh_reading_of_the_last(database_url: str, tmp_path: Path):
    with Database(tmp_path / "daily", database_url) as daily:
        outcomes = [run(daily, answers, day).outcome for day, answers in enumerate(DAYS)]
        found = claims(daily)
    with Database(tmp_path / "fresh") as fresh:
        assert run(fresh, DAYS[-1], 2).outcome == "succeeded"
        assert found == claims(fresh)
    assert outcomes == ["partial", "partial", "succeeded"]


def test_a_site_that_breaks_and_stays_broken_is_asked_once_more_and_undoes_nothing(database_url: str, tmp_path: Path):
    with Database(tmp_path / "hub", database_url) as database:
        run(database, DAYS[2] | {BUILDERS: answer(BUILDERS)}, 0)
        before = claims(database)
        result = run(database, dict.fromkeys((WEAVERS, BUILDERS, FORGOTTEN), 500), 1)
        assert (result.outcome, result.retired, claims(database)) == ("failed", 0, before)


def test_a_late_answer_leaves_what_was_known(database_url: str, tmp_path: Path):
    with Database(tmp_path / "hub", database_url) as database:
        run(database, DAYS[0], 0)
        before = [row for row in claims(database) if WEAVERS in str(row)]
        run(database, DAYS[1], 1)
        assert before == [row for row in claims(database) if WEAVERS in str(row)] != []
