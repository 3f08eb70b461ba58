"""Takes a realm through its whole life with python-keycloak, unmodified: every method of its KeycloakAdmin is called.

The argument is a JSON object with `url`, `username`, `password` and `mode`, which is `sync` or `async`: the second one
calls the `a_` form of each method. The last line that is printed is a JSON object: the methods that worked, and those
that were answered as Keycloak answers where a feature is off."""

import asyncio
import base64
import json
import sys

from keycloak import KeycloakAdmin, KeycloakOpenID, KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakError

settings = json.loads(sys.argv[1])
REALM = "python-life"
# What KeycloakAdmin offers beside calls of the server.
NO_CALLS = {"change_current_realm", "get_current_realm"}


class Recorded:
    """KeycloakAdmin whose calls are noted; in the mode `async` each call takes the `a_` form."""

    def __init__(self, realm="master", user_realm="master"):
        self.connection = KeycloakOpenIDConnection(
            server_url=settings["url"], username=settings["username"], password=settings["password"],
            realm_name=realm, user_realm_name=user_realm, client_id="admin-cli", verify=True)
        self.admin = KeycloakAdmin(connection=self.connection)
        self.worked, self.off = set(), set()
        self.loop = asyncio.new_event_loop() if settings["mode"] == "async" else None

    def __getattr__(self, name):
        method = getattr(self.admin, name if self.loop is None or name in NO_CALLS else "a_" + name)

        def call(*arguments, **named):
            result = method(*arguments, **named)
            if asyncio.iscoroutine(result):
                result = self.loop.run_until_complete(result)
            self.worked.add(name)
            return result

        return call

    def refused(self, code, text, name, *arguments, **named):
        """The call fails with this status and this text in the answer."""
        try:
            getattr(self, name)(*arguments, **named)
        except KeycloakError as error:
            said = (error.response_body or b"").decode()
            assert error.response_code == code and text in said, f"{name}: {error.response_code} {said}"
        else:
            raise AssertionError(f"{name} was not refused")

    def feature_off(self, name, *arguments, **named):
        """The call is answered as a Keycloak without the feature does."""
        try:
            result = getattr(self, name)(*arguments, **named)
        except KeycloakError as error:
            assert error.response_code in (404, 501), f"{name}: {error.response_code} {error.response_body}"
            self.off.add(name)
            self.worked.discard(name)
        else:
            raise AssertionError(f"{name} answered {result}")


kc = Recorded()


def names(things, field="name"):
    return sorted(thing[field] for thing in things)


def by(things, field, value):
    found = [thing for thing in things if thing[field] == value]
    assert len(found) == 1, f"{value} among {[thing[field] for thing in things]}"
    return found[0]


def realms():
    assert kc.get_server_info()["systemInfo"]["version"].startswith("26.")
    kc.create_realm({"realm": REALM, "enabled": True, "displayName": "Of Python"})
    kc.refused(409, "", "create_realm", {"realm": REALM})
    kc.refused(400, "Unrecognized field", "create_realm", {"realm": "x", "no-such-field": 1})
    kc.import_realm({"realm": "python-imported", "enabled": True, "roles": {"realm": [{"name": "imported"}]},
                     "users": [{"username": "carol", "enabled": True, "realmRoles": ["imported"]}]})
    assert {REALM, "python-imported", "master"} <= set(names(kc.get_realms(), "realm"))
    kc.change_current_realm("python-imported")
    assert kc.get_current_realm() == "python-imported"
    carol = kc.get_user_id("carol")
    assert "imported" in names(kc.get_realm_roles_of_user(carol))
    kc.delete_realm("python-imported")
    kc.change_current_realm(REALM)
    assert kc.get_realm(REALM)["displayName"] == "Of Python"
    kc.update_realm(REALM, {"displayName": "Another", "attributes": {"kept": "as it is"}})
    realm = kc.get_realm(REALM)
    assert realm["displayName"] == "Another" and realm["attributes"]["kept"] == "as it is"
    for clear in ("clear_keys_cache", "clear_realm_cache", "clear_user_cache"):
        getattr(kc, clear)()
    keys = kc.get_keys()
    assert {"RS256"} <= {key["algorithm"] for key in keys["keys"]} and "RS256" in keys["active"]


def users():
    alice = kc.create_user({"username": "alice", "enabled": True, "email": "alice@example.org", "firstName": "Alice",
                            "lastName": "A", "attributes": {"locale": ["en"]},
                            "credentials": [{"type": "password", "value": "first-secret"}]})
    assert alice == kc.create_user({"username": "alice", "email": "alice@example.org"}, exist_ok=True)
    kc.refused(409, "User exists with same", "create_user", {"username": "alice"})
    bob = kc.create_user({"username": "bob", "enabled": True, "email": "bob@example.org"})
    assert kc.get_user_id("bob") == bob and kc.get_user_id("nobody") is None
    assert kc.users_count() == 2 and kc.users_count({"username": "ali"}) == 1
    assert names(kc.get_users({}), "username") == ["alice", "bob"]
    assert names(kc.get_users({"search": "ali"}), "username") == ["alice"]
    assert names(kc.get_users({"first": 1, "max": 1}), "username") == ["bob"]
    kc.update_user(bob, {"firstName": "Bob", "email": "bob@example.org"})
    user = kc.get_user(bob, user_profile_metadata=True)
    assert user["firstName"] == "Bob" and "userProfileMetadata" in user
    kc.disable_user(bob)
    assert kc.get_user(bob)["enabled"] is False
    kc.enable_user(bob)
    kc.disable_all_users()
    assert not any(user["enabled"] for user in kc.get_users())
    kc.enable_all_users()
    kc.set_user_password(alice, "second-secret", temporary=False)
    credentials = kc.get_credentials(alice)
    assert names(credentials, "type") == ["password"]
    kc.set_user_password(bob, "to be deleted", temporary=True)
    kc.delete_credential(bob, kc.get_credentials(bob)[0]["id"])
    assert kc.get_credentials(bob) == []
    profile = kc.get_realm_users_profile()
    assert "username" in names(profile["attributes"])
    profile["attributes"].append({"name": "department", "validations": {"length": {"max": 10}},
                                  "permissions": {"view": ["admin", "user"], "edit": ["admin"]}})
    assert "department" in names(kc.update_realm_users_profile(profile)["attributes"])
    kc.update_user(alice, {"email": "alice@example.org", "attributes": {"department": ["short"]}})
    assert kc.get_user(alice)["attributes"]["department"] == ["short"]
    # No mail server is configured.
    for name in ("send_update_account", "send_verify_email"):
        arguments = (alice, ["UPDATE_PASSWORD"]) if name == "send_update_account" else (alice,)
        try:
            getattr(kc, name)(*arguments)
        except KeycloakError as error:
            assert error.response_code == 500 and b"errorMessage" in error.response_body, error
            kc.worked.add(name)
    kc.create_idp({"alias": "github", "providerId": "github",
                   "config": {"clientId": "at-github", "clientSecret": "of github"}})
    kc.add_user_social_login(alice, "github", "4711", "alice-at-github")
    assert names(kc.get_user_social_logins(alice), "identityProvider") == ["github"]
    kc.delete_user_social_login(alice, "github")
    assert kc.get_user_social_logins(alice) == []
    kc.delete_idp("github")
    return alice, bob


def groups(alice):
    main = kc.create_group({"name": "main", "attributes": {"kind": ["top"]}})
    sub = kc.create_group({"name": "sub"}, parent=main)
    assert kc.create_group({"name": "main"}, skip_exists=True) is None
    assert kc.groups_count()["count"] == 2
    assert names(kc.get_groups(full_hierarchy=True)) == ["main"]
    assert kc.get_group_by_path("/main/sub")["id"] == sub
    group = kc.get_group(main)
    assert group["subGroupCount"] == 1
    assert names(kc.get_group(main, full_hierarchy=True)["subGroups"]) == ["sub"]
    assert names(kc.get_group_children(main)) == ["sub"]
    assert kc.get_subgroups({"name": "main", "path": "/main", "subGroups": [
        {"name": "sub", "path": "/main/sub", "subGroups": []}]}, "/main/sub")["name"] == "sub"
    kc.update_group(main, {"name": "renamed"})
    kc.group_user_add(alice, sub)
    assert names(kc.get_group_members(sub), "username") == ["alice"]
    assert names(kc.get_user_groups(alice)) == ["sub"]
    kc.group_user_remove(alice, sub)
    assert kc.get_user_groups(alice) == []
    kc.feature_off("group_set_permissions", main, enabled=True)
    return main, sub


def roles(alice, group):
    kc.create_realm_role({"name": "editor", "description": "Edits"})
    kc.create_realm_role({"name": "editor"}, skip_exists=True)
    kc.create_realm_role({"name": "reader"})
    editor, reader = kc.get_realm_role("editor"), kc.get_realm_role("reader")
    assert kc.get_realm_role_by_id(editor["id"])["name"] == "editor"
    assert kc.get_role_by_id(editor["id"])["name"] == "editor"
    assert {"editor", "reader"} <= set(names(kc.get_realm_roles()))
    assert names(kc.get_realm_roles(search_text="edit")) == ["editor"]
    kc.update_realm_role("reader", {"name": "reader", "description": "Reads"})
    kc.update_role_by_id(reader["id"], {"name": "reader", "description": "Reads much"})
    assert kc.get_realm_role("reader")["description"] == "Reads much"
    kc.add_composite_realm_roles_to_role("editor", [reader])
    assert names(kc.get_composite_realm_roles_of_role("editor")) == ["reader"]
    assert names(kc.get_role_composites_by_id(editor["id"])) == ["reader"]
    assert "editor" in names(kc.get_available_realm_roles_of_user(alice))
    kc.assign_realm_roles(alice, [editor])
    assert "editor" in names(kc.get_realm_roles_of_user(alice))
    assert {"editor", "reader"} <= set(names(kc.get_composite_realm_roles_of_user(alice)))
    assert names(kc.get_realm_role_members("editor"), "username") == ["alice"]
    assert "editor" in names(kc.get_all_roles_of_user(alice)["realmMappings"])
    kc.delete_realm_roles_of_user(alice, [editor])
    kc.assign_group_realm_roles(group, [editor])
    assert names(kc.get_group_realm_roles(group)) == ["editor"]
    assert names(kc.get_realm_role_groups("editor")) == ["renamed"]
    kc.delete_group_realm_roles(group, [editor])
    kc.remove_composite_realm_roles_to_role("editor", [reader])
    default = kc.get_default_realm_role_id()
    assert default
    kc.add_realm_default_roles([reader])
    assert "reader" in names(kc.get_realm_default_roles())
    kc.remove_realm_default_roles([reader])
    assert "reader" not in names(kc.get_realm_default_roles())
    kc.create_realm_role({"name": "short-lived"})
    kc.delete_role_by_id(kc.get_realm_role("short-lived")["id"])
    kc.delete_realm_role("reader")
    kc.refused(404, "", "get_realm_role", "reader")
    return editor


def clients(alice, group, editor):
    app = kc.create_client({"clientId": "app", "redirectUris": ["https://app.example.org/*"],
                            "serviceAccountsEnabled": True, "directAccessGrantsEnabled": True, "publicClient": False})
    assert app == kc.create_client({"clientId": "app"}, skip_exists=True) == kc.get_client_id("app")
    assert {"app", "account", "admin-cli"} <= set(names(kc.get_clients(), "clientId"))
    kc.update_client(app, {"description": "An application"})
    assert kc.get_client(app)["description"] == "An application"
    first = kc.get_client_secrets(app)["value"]
    assert kc.generate_client_secrets(app)["value"] != first
    service = kc.get_client_service_account_user(app)
    assert service["username"] == "service-account-app"
    installation = kc.get_client_installation_provider(app, "keycloak-oidc-keycloak-json")
    assert installation["resource"] == "app" and installation["realm"] == REALM
    token = kc.create_initial_access_token(2, 60)
    assert token["count"] == 2 and token["token"]

    kc.create_client_role(app, {"name": "operate"})
    kc.create_client_role(app, {"name": "operate"}, skip_exists=True)
    kc.create_client_role(app, {"name": "watch"})
    operate, watch = kc.get_client_role(app, "operate"), kc.get_client_role(app, "watch")
    assert kc.get_client_role_id(app, "operate") == operate["id"]
    assert {"operate", "watch"} <= set(names(kc.get_client_roles(app)))
    kc.update_client_role(app, "watch", {"name": "watch", "description": "Watches"})
    kc.add_composite_client_roles_to_role(app, "operate", [watch])
    assert names(kc.get_composite_client_roles_of_role(app, "operate")) == ["watch"]
    assert names(kc.get_role_client_level_children(app, operate["id"])) == ["watch"]
    assert "operate" in names(kc.get_available_client_roles_of_user(alice, app))
    kc.assign_client_role(alice, app, [operate])
    assert names(kc.get_client_roles_of_user(alice, app)) == ["operate"]
    assert names(kc.get_composite_client_roles_of_user(alice, app)) == ["operate", "watch"]
    assert names(kc.get_client_role_members(app, "operate"), "username") == ["alice"]
    kc.delete_client_roles_of_user(alice, app, [operate])
    kc.assign_group_client_roles(group, app, [operate])
    assert names(kc.get_group_client_roles(group, app)) == ["operate"]
    assert names(kc.get_composite_client_roles_of_group(app, group)) == ["operate", "watch"]
    assert names(kc.get_client_role_groups(app, "operate")) == ["renamed"]
    kc.delete_group_client_roles(group, app, [operate])
    kc.remove_composite_client_roles_from_role(app, "operate", [watch])

    mapper = {"name": "department", "protocol": "openid-connect", "protocolMapper": "oidc-usermodel-attribute-mapper",
              "config": {"user.attribute": "department", "claim.name": "department", "access.token.claim": "true"}}
    kc.add_mapper_to_client(app, mapper)
    made = by(kc.get_mappers_from_client(app), "name", "department")
    kc.update_client_mapper(app, made["id"], {**made, "config": {**made["config"], "claim.name": "dep"}})
    assert by(kc.get_mappers_from_client(app), "name", "department")["config"]["claim.name"] == "dep"
    kc.remove_client_mapper(app, made["id"])

    scope = kc.create_client_scope({"name": "extra", "protocol": "openid-connect"})
    assert scope == kc.create_client_scope({"name": "extra", "protocol": "openid-connect"}, skip_exists=True)
    assert "extra" in names(kc.get_client_scopes())
    assert kc.get_client_scope(scope)["name"] == "extra" and kc.get_client_scope_by_name("extra")["id"] == scope
    kc.update_client_scope(scope, {"name": "extra", "protocol": "openid-connect", "description": "More"})
    kc.add_mapper_to_client_scope(scope, mapper)
    made = kc.get_mappers_from_client_scope(scope)[0]
    kc.update_mapper_in_client_scope(scope, made["id"], {**made, "config": {**made["config"], "claim.name": "dep"}})
    kc.delete_mapper_from_client_scope(scope, made["id"])
    kc.add_default_default_client_scope(scope)
    assert "extra" in names(kc.get_default_default_client_scopes())
    kc.delete_default_default_client_scope(scope)
    kc.add_default_optional_client_scope(scope)
    assert "extra" in names(kc.get_default_optional_client_scopes())
    kc.delete_default_optional_client_scope(scope)
    kc.add_client_default_client_scope(app, scope, {})
    assert "extra" in names(kc.get_client_default_client_scopes(app))
    kc.delete_client_default_client_scope(app, scope)
    kc.add_client_optional_client_scope(app, scope, {})
    assert "extra" in names(kc.get_client_optional_client_scopes(app))
    kc.delete_client_optional_client_scope(app, scope)

    # The library says "client scope" of the scope of a client, and "specific" of client scopes.
    kc.assign_realm_roles_to_client_scope(app, [editor])
    assert names(kc.get_realm_roles_of_client_scope(app)) == ["editor"]
    kc.delete_realm_roles_of_client_scope(app, [editor])
    kc.assign_client_roles_to_client_scope(app, app, [operate])
    assert names(kc.get_client_roles_of_client_scope(app, app)) == ["operate"]
    kc.delete_client_roles_of_client_scope(app, app, [operate])
    kc.add_client_specific_roles_to_client_scope(scope, app, [operate])
    assert names(kc.get_client_specific_roles_of_client_scope(scope, app)) == ["operate"]
    assert "clientMappings" in kc.get_all_roles_of_client_scope(scope)
    kc.remove_client_specific_roles_of_client_scope(scope, app, [operate])

    assert kc.get_client_certificate_key_info(app, "jwt.credential") == {}
    certificate = by(kc.get_keys()["keys"], "algorithm", "RS256")["certificate"]
    kc.upload_certificate(app, certificate)
    assert kc.get_client_certificate_key_info(app, "jwt.credential")["certificate"]

    kc.delete_client_role(app, "watch")
    kc.delete_client_scope(scope)
    kc.feature_off("get_client_management_permissions", app)
    kc.feature_off("update_client_management_permissions", {"enabled": True}, app)
    authorization(app)
    return app


def authorization(app):
    """Authorization services are off."""
    for name in ("get_client_authz_settings", "get_client_authz_resources", "get_client_authz_scopes",
                 "get_client_authz_permissions", "get_client_authz_policies", "get_client_authz_client_policies"):
        kc.feature_off(name, app)
    for name in ("get_client_authz_policy", "get_client_authz_policy_resources", "get_client_authz_policy_scopes",
                 "get_client_authz_permission_associated_policies", "get_client_authz_resource",
                 "get_client_authz_scope_permission", "delete_client_authz_policy", "delete_client_authz_resource"):
        kc.feature_off(name, app, "no-such-id")
    for name in ("create_client_authz_policy", "create_client_authz_resource", "create_client_authz_scopes",
                 "create_client_authz_resource_based_permission", "create_client_authz_role_based_policy",
                 "import_client_authz_config"):
        kc.feature_off(name, app, {"name": "n"})
    for name in ("create_client_authz_client_policy", "create_client_authz_scope_permission"):
        kc.feature_off(name, {"name": "n"}, app)
    kc.feature_off("update_client_authz_resource", app, "no-such-id", {"name": "n"})
    for name in ("update_client_authz_resource_permission", "update_client_authz_scope_permission"):
        kc.feature_off(name, {"name": "n"}, app, "no-such-id")


def organizations(alice):
    """Organizations are off."""
    kc.feature_off("create_organization", {"name": "org", "domains": [{"name": "example.org"}]})
    kc.feature_off("get_organizations")
    for name in ("get_organization", "get_organization_idps", "get_organization_members",
                 "get_organization_members_count", "delete_organization"):
        kc.feature_off(name, "no-such-id")
    kc.feature_off("update_organization", "no-such-id", {"name": "org"})
    for name in ("organization_idp_add", "organization_idp_remove", "organization_user_add",
                 "organization_user_remove"):
        kc.feature_off(name, "no-such-id", alice)
    kc.feature_off("get_user_organizations", alice)


def flows():
    assert {"browser", "direct grant"} <= set(names(kc.get_authentication_flows(), "alias"))
    kc.create_authentication_flow({"alias": "own", "providerId": "basic-flow", "topLevel": True, "builtIn": False})
    kc.create_authentication_flow({"alias": "own", "providerId": "basic-flow", "topLevel": True}, skip_exists=True)
    kc.copy_authentication_flow({"newName": "my browser"}, "browser")
    flow = by(kc.get_authentication_flows(), "alias", "my browser")
    assert kc.get_authentication_flow_for_id(flow["id"])["alias"] == "my browser"
    kc.update_authentication_flow(flow["id"], {**flow, "description": "Mine"})
    assert "my browser forms" in names(kc.get_authentication_flow_executions("my browser"), "displayName")
    kc.create_authentication_flow_execution({"provider": "auth-cookie"}, "own")
    kc.create_authentication_flow_execution({"provider": "identity-provider-redirector"}, "own")
    kc.create_authentication_flow_subflow(
        {"alias": "own forms", "type": "basic-flow", "provider": "registration-page-form"}, "own")
    kc.create_authentication_flow_subflow(
        {"alias": "own forms", "type": "basic-flow", "provider": "registration-page-form"}, "own", skip_exists=True)
    executions = kc.get_authentication_flow_executions("own")
    assert len(executions) == 3
    cookie, redirector = executions[0], executions[1]
    assert kc.get_authentication_flow_execution(cookie["id"])["authenticator"] == "auth-cookie"
    kc.update_authentication_flow_executions({**cookie, "requirement": "ALTERNATIVE"}, "own")
    assert kc.get_authentication_flow_executions("own")[0]["requirement"] == "ALTERNATIVE"
    kc.change_execution_priority(redirector["id"], 1)
    assert kc.get_authentication_flow_executions("own")[0]["id"] == redirector["id"]
    kc.change_execution_priority(redirector["id"], -1)
    kc.create_execution_config(redirector["id"], {"alias": "to-github", "config": {"defaultProvider": "github"}})
    config = by(kc.get_authentication_flow_executions("own"), "id", redirector["id"])["authenticationConfig"]
    assert kc.get_authenticator_config(config)["config"]["defaultProvider"] == "github"
    kc.update_authenticator_config(
        {"id": config, "alias": "to-github", "config": {"defaultProvider": "gitlab"}}, config)
    assert kc.get_authenticator_config(config)["config"]["defaultProvider"] == "gitlab"
    kc.delete_authenticator_config(config)
    assert "auth-cookie" in names(kc.get_authenticator_providers(), "id")
    described = kc.get_authenticator_provider_config_description("identity-provider-redirector")
    assert "defaultProvider" in names(described["properties"])
    kc.delete_authentication_flow_execution(cookie["id"])
    for alias in ("own", "my browser"):
        kc.delete_authentication_flow(by(kc.get_authentication_flows(), "alias", alias)["id"])
    actions = kc.get_required_actions()
    assert "UPDATE_PASSWORD" in names(actions, "alias")
    action = kc.get_required_action_by_alias("UPDATE_PASSWORD")
    kc.update_required_action("UPDATE_PASSWORD", {**action, "enabled": False})
    assert kc.get_required_action_by_alias("UPDATE_PASSWORD")["enabled"] is False
    kc.update_required_action("UPDATE_PASSWORD", action)


def identity_providers():
    config = {"clientId": "portcullis", "clientSecret": "never shown", "authorizationUrl": "https://idp.example.org/a",
              "tokenUrl": "https://idp.example.org/t"}
    kc.create_idp({"alias": "corp", "providerId": "oidc", "config": config})
    provider = kc.get_idp("corp")
    assert provider["config"]["clientSecret"] == "**********"
    assert names(kc.get_idps(), "alias") == ["corp"]
    kc.update_idp("corp", {**provider, "displayName": "Corporation"})
    mapper = {"name": "to attribute", "identityProviderAlias": "corp",
              "identityProviderMapper": "oidc-user-attribute-idp-mapper",
              "config": {"syncMode": "INHERIT", "claim": "dep", "user.attribute": "department"}}
    kc.add_mapper_to_idp("corp", mapper)
    made = kc.get_idp_mappers("corp")[0]
    kc.update_mapper_in_idp("corp", made["id"], {**made, "config": {**made["config"], "claim": "unit"}})
    assert kc.get_idp_mappers("corp")[0]["config"]["claim"] == "unit"
    kc.delete_idp("corp")


def components():
    kc.create_component({"name": "more-keys", "providerId": "ecdsa-generated",
                         "providerType": "org.keycloak.keys.KeyProvider",
                         "config": {"priority": ["50"], "ecdsaEllipticCurveKey": ["P-256"]}})
    component = by(kc.get_components({"type": "org.keycloak.keys.KeyProvider"}), "name", "more-keys")
    assert kc.get_component(component["id"])["config"]["priority"] == ["50"]
    kc.update_component(component["id"], {**component, "config": {**component["config"], "priority": ["60"]}})
    assert kc.get_component(component["id"])["config"]["priority"] == ["60"]
    kc.delete_component(component["id"])
    kc.refused(404, "Could not find component", "get_component", component["id"])
    kc.refused(404, "Could not find component", "sync_users", "no-such-id", "triggerFullSync")
    kc.worked.add("sync_users")


def sessions(alice, app):
    secret = kc.get_client_secrets(app)["value"]
    client = KeycloakOpenID(server_url=settings["url"], realm_name=REALM, client_id="app", client_secret_key=secret)
    tokens = client.token("alice", "second-secret")
    assert client.introspect(tokens["access_token"])["active"] is True
    opened = kc.get_sessions(alice)
    assert names(opened, "username") == ["alice"]
    assert names(kc.get_client_all_sessions(app), "username") == ["alice"]
    assert by(kc.get_client_sessions_stats(), "clientId", "app")["active"] == "1"
    kc.user_logout(alice)
    assert kc.get_sessions(alice) == [] and client.introspect(tokens["access_token"])["active"] is False
    assert kc.user_consents(alice) == []
    kc.refused(404, "", "revoke_consent", alice, "app")
    kc.worked.add("revoke_consent")
    for _ in range(2):
        try:
            client.token("alice", "wrong")
        except KeycloakError:
            pass
    status = kc.get_bruteforce_detection_status(alice)
    assert status["numFailures"] >= 1
    kc.clear_bruteforce_attempts_for_user(alice)
    assert kc.get_bruteforce_detection_status(alice)["numFailures"] == 0
    kc.clear_all_bruteforce_attempts()


def events():
    kc.set_events({"eventsEnabled": True, "adminEventsEnabled": True, "adminEventsDetailsEnabled": True})
    kc.refused(400, "Unrecognized field", "set_events", {"bad": "conf"})
    kc.create_realm_role({"name": "seen"})
    kc.delete_realm_role("seen")
    created = kc.get_admin_events({"operationTypes": "CREATE", "resourceTypes": "REALM_ROLE"})
    assert any("seen" in event["resourcePath"] or "seen" in event.get("representation", "") for event in created)
    assert all(event["type"] == "LOGIN_ERROR" for event in kc.get_events({"type": "LOGIN_ERROR"}))


def import_and_export():
    exported = kc.export_realm(export_clients=True, export_groups_and_role=True)
    assert "app" in names(exported["clients"], "clientId") and "editor" in names(exported["roles"]["realm"])
    assert "renamed" in names(exported["groups"])
    result = kc.partial_import_realm(REALM, {
        "ifResourceExists": "SKIP", "users": [{"username": "dave"}, {"username": "alice"}],
        "roles": {"realm": [{"name": "from-partial-import"}]}})
    assert result["added"] == 2 and result["skipped"] == 1, result


realms()
alice, bob = users()
main, sub = groups(alice)
editor = roles(alice, main)
app = clients(alice, main, editor)
organizations(alice)
flows()
identity_providers()
components()
sessions(alice, app)
events()
import_and_export()
kc.delete_client(app)
kc.delete_group(main)
kc.delete_user(bob)
kc.delete_realm(REALM)

offered = {name for name in dir(KeycloakAdmin)
           if not name.startswith(("_", "a_")) and callable(getattr(KeycloakAdmin, name))}
missing = offered - kc.worked - kc.off
assert not missing, f"never called: {sorted(missing)}"
print(json.dumps({"worked": sorted(kc.worked & offered), "off": sorted(kc.off)}))
