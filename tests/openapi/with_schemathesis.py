"""Has schemathesis ask a server everything that its OpenAPI document offers, and compares the answers with the document.

The argument is a JSON object with `url`, `username`, `password`, `examples` (how many requests of each kind for each
operation with a body), `seed` and, for a part of it, `only` (such as `put /admin/realms/{realm}/users`). The last line that is printed is a JSON object: how many operations and requests there were, how
often which status was answered, and what was found to be wrong."""

import collections
import json
import sys
import warnings

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance, response_headers_conformance, response_schema_conformance, status_code_conformance)

settings = json.loads(sys.argv[1])
warnings.filterwarnings("ignore")
ADMIN = settings["url"] + "/admin"
REALM = "fuzzed"
CONFORM = [
    content_type_conformance, response_headers_conformance, response_schema_conformance, status_code_conformance]
# What is meant to be refused so, and says so in the document.
MEANT = {"500", "501"}

http = requests.Session()


def log_in():
    """The token of an administrator."""
    form = {"grant_type": "password", "client_id": "admin-cli",
            "username": settings["username"], "password": settings["password"]}
    answer = requests.post(settings["url"] + "/realms/master/protocol/openid-connect/token", data=form, timeout=30)
    answer.raise_for_status()
    http.headers["Authorization"] = "Bearer " + answer.json()["access_token"]


def ask(method, path, body=None):
    """A request of our own, which must succeed."""
    answer = http.request(method, ADMIN + path, json=body, timeout=60)
    if answer.status_code == 401:
        log_in()
        return ask(method, path, body)
    assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer


WORLD = {
    "realm": REALM, "enabled": True,
    "clients": [{
        "id": "the-client", "clientId": "the-client", "secret": "s", "serviceAccountsEnabled": True,
        "redirectUris": ["https://app.example.org/*"], "webOrigins": ["+"],
        "protocolMappers": [{
            "id": "the-mapper", "name": "the-mapper", "protocol": "openid-connect",
            "protocolMapper": "oidc-hardcoded-claim-mapper", "config": {"claim.name": "a", "claim.value": "b"}}],
    }, {"id": "the-registry", "clientId": "the-registry", "protocol": "docker-v2"}],
    "clientScopes": [{"id": "the-scope", "name": "the-scope", "protocol": "openid-connect"}],
    "roles": {"realm": [{"id": "the-role", "name": "the-role"}, {"id": "other-role", "name": "other-role"}],
              "client": {"the-client": [{"id": "client-role", "name": "the-role"}]}},
    "groups": [{"id": "the-group", "name": "the-group", "realmRoles": ["the-role"]}],
    "users": [{"id": "the-user", "username": "the-user", "email": "user@example.org", "enabled": True,
               "credentials": [{"type": "password", "value": "pw"}], "groups": ["/the-group"]}],
    "identityProviders": [{"alias": "the-provider", "providerId": "oidc", "enabled": True, "config": {
        "clientId": "c", "clientSecret": "s", "authorizationUrl": "https://idp.example.org/auth",
        "tokenUrl": "https://idp.example.org/token"}}],
}


def make():
    """The realm, as if nothing had been asked yet."""
    if http.get(f"{ADMIN}/realms/{REALM}", timeout=60).status_code == 200:
        ask("DELETE", f"/realms/{REALM}")
    ask("POST", "/realms", WORLD)
    ask("POST", f"/realms/{REALM}/localization/en", {"greeting": "Hello"})


def there():
    """The names of things that are there, by the names that they have in paths. They are made anew if one is gone."""
    try:
        return names_of_things()
    except (AssertionError, LookupError, StopIteration):
        make()
        return names_of_things()


def names_of_things():
    """As `there`, if they are."""
    for path in ("/clients/the-client", "/users/the-user", "/roles/the-role", "/groups/the-group",
                 "/client-scopes/the-scope", "/identity-provider/instances/the-provider", "/localization/en/greeting"):
        ask("GET", f"/realms/{REALM}{path}")
    flows = ask("GET", f"/realms/{REALM}/authentication/flows").json()
    flow = next(one for one in flows if one["alias"] == "browser")
    executions = ask("GET", f"/realms/{REALM}/authentication/flows/browser/executions").json()
    credentials = ask("GET", f"/realms/{REALM}/users/the-user/credentials").json()
    return {
        "realm": REALM, "client": "the-client", "part_client": "the-client", "role_client": "the-client",
        "container": "the-client", "scope": "the-scope", "mapper": "the-mapper", "protocol": "openid-connect",
        "role": "the-role", "role_id": "the-role", "group": "the-group", "path": "the-group", "user": "the-user",
        "alias": "the-provider", "provider": "keycloak-oidc-keycloak-json", "flow": flow["id"], "flow_alias": "browser",
        "execution": executions[0]["id"], "action": "VERIFY_EMAIL", "authenticator": "auth-cookie", "locale": "en",
        "key": "greeting", "attr": "jwt.credential",
        "credential": credentials[0]["id"] if credentials else "none",
        "component": ask("GET", f"/realms/{REALM}/components").json()[0]["id"],
    }


# What random values hardly ever are; added where a body doesn't say otherwise.
SENSIBLE = {
    "name": "some-name", "username": "some-name", "clientId": "some-client", "alias": "some-alias", "realm": REALM,
    "providerId": "oidc", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
    "type": "password", "value": "password", "identityProviderMapper": "hardcoded-attribute-idp-mapper",
}

log_in()
# The administrator's tokens are to outlast the whole run.
ask("PUT", "/realms/master", {"accessTokenLifespan": 7200})
log_in()
document = ask("GET", "/openapi.json").json()
# What is to be wrong is the request, not who sends it; and that no text holds NUL is tested elsewhere.
del document["security"]
schema = schemathesis.openapi.from_dict(
    document, config=schemathesis.Config.from_dict({"generation": {"allow-x00": False}}))
requests_sent, statuses, findings = 0, collections.Counter(), {}


def drive(operation, mode, named, examples):
    """Requests of one kind for one operation; `named` are the parts of the path that are given."""
    declared = set(operation.definition.raw["responses"])
    body = operation.definition.raw.get("requestBody", {}).get("content", {}).get("application/json", {})
    fields = document["components"]["schemas"].get(body.get("schema", {}).get("$ref", "").split("/")[-1], {})
    sensible = {name: value for name, value in SENSIBLE.items() if name in fields.get("properties", {})}

    @hypothesis.seed(settings["seed"])
    @hypothesis.settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
                         suppress_health_check=list(HealthCheck), verbosity=hypothesis.Verbosity.quiet)
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=named))
    def one(case):
        global requests_sent, changed
        if mode == GenerationMode.POSITIVE:
            # No drawn version is ever the one that is there.
            case.headers.pop("If-Match", None)
        if mode == GenerationMode.POSITIVE and isinstance(case.body, dict):
            new = {name: f"{value}-{requests_sent}" if value.startswith("some-") else value
                   for name, value in sensible.items()}
            # What was drawn comes first in one request and last in the next.
            case.body = {**new, **case.body} if requests_sent % 2 else {**case.body, **new}
        answer = case.call(base_url=settings["url"], session=http, headers=dict(http.headers), timeout=60)
        requests_sent += 1
        statuses[answer.status_code] += 1
        changed |= operation.method != "get" and answer.status_code < 300
        meant = str(answer.status_code) in MEANT & declared
        try:
            case.validate_response(answer, checks=CONFORM if meant else [not_a_server_error, *CONFORM])
        except FailureGroup as group:
            for error in group.exceptions:
                said = f"{type(error).__name__}: {error}\n{case.as_curl_command()}\n{answer.text[:300]}"
                findings.setdefault(f"{operation.label} {answer.status_code} {type(error).__name__}", said[:1500])

    try:
        one()
    except (hypothesis.errors.Unsatisfiable, hypothesis.errors.FailedHealthCheck):
        pass  # nothing of this kind can be sent, such as something wrong where everything is right


ORDER = {"get": 0, "put": 1, "post": 2, "delete": 3}
operations = [result.ok() for result in schema.get_all_operations()]
wanted, known, changed = settings.get("only", ""), there(), False
for operation in sorted(operations, key=lambda one: (ORDER[one.method], one.path)):
    if wanted not in f"{operation.method} {operation.path}":
        continue
    names = {parameter.name for parameter in operation.path_parameters}
    if changed:
        known, changed = there(), False
    place = {name: known[name] for name in names if name in known}
    has_body = "requestBody" in operation.definition.raw
    # There is more to be wrong in a body than in a query.
    examples = settings["examples"] if has_body else (settings["examples"] + 1) // 2
    drive(operation, GenerationMode.POSITIVE, place, examples)
    if has_body or operation.query:
        drive(operation, GenerationMode.NEGATIVE, place, examples)
    if names - {"realm"} and not has_body:
        drive(operation, GenerationMode.POSITIVE, {"realm": REALM}, (settings["examples"] + 9) // 10)

print(json.dumps({
    "operations": len(operations), "requests": requests_sent, "statuses": dict(sorted(statuses.items())),
    "findings": [f"{what}: {said}" for what, said in sorted(findings.items())]}))
