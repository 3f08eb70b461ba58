// Takes a realm through its whole life with @keycloak/keycloak-admin-client, unmodified: every method of its resources is
// called.
//
// The argument is a JSON object with `url`, `username` and `password`. The last line that is printed is a JSON object: the
// methods that worked, and those that were answered as Keycloak answers where a feature is off.
import assert from "node:assert/strict";
import AdminClient from "@keycloak/keycloak-admin-client";

const settings = JSON.parse(process.argv[2]);
const realm = "node-life";
const worked = new Set();
const off = new Set();

const client = new AdminClient({ baseUrl: settings.url, realmName: "master" });
const credentials = { username: settings.username, password: settings.password, grantType: "password", clientId: "admin-cli" };
await client.auth(credentials);

// Calls of `kc.RESOURCE.METHOD` are noted under that name when they succeed.
const kc = new Proxy(client, {
  get: (target, resource) => {
    const methods = target[resource];
    if (typeof methods !== "object") return typeof methods === "function" ? methods.bind(target) : methods;
    return new Proxy(methods, {
      get: (_, method) => typeof methods[method] !== "function" ? methods[method] : async (...given) => {
        const result = await methods[method](...given);
        worked.add(`${resource}.${method}`);
        return result;
      },
    });
  },
});

const names = (things, field = "name") => things.map((thing) => thing[field]).sort();
const by = (things, field, value) => {
  const found = things.filter((thing) => thing[field] === value);
  assert.equal(found.length, 1, `${value} among ${JSON.stringify(names(things, field))}`);
  return found[0];
};

/** The call fails with this status. With `counts`, that is how the method works where there is nothing to act on. */
async function refused(status, name, given, { text, counts } = {}) {
  const [resource, method] = name.split(".");
  try {
    await client[resource][method](...given);
  } catch (error) {
    assert.equal(error.response?.status, status, `${name}: ${error.response?.status} ${error}`);
    if (text) assert.match(JSON.stringify(error.responseData), text, name);
    if (counts) worked.add(name);
    return;
  }
  assert.fail(`${name} was not refused`);
}

/** The call is answered as a Keycloak without the feature does. */
async function featureOff(name, ...given) {
  const [resource, method] = name.split(".");
  try {
    const result = await client[resource][method](...given);
    // The library makes an absent thing of 404.
    assert.ok(result === null || result === undefined, `${name} answered ${JSON.stringify(result)}`);
  } catch (error) {
    assert.ok([404, 501].includes(error.response?.status), `${name}: ${error.response?.status} ${error}`);
  }
  off.add(name);
}

async function realms() {
  const { realmName } = await kc.realms.create({ realm, enabled: true, displayName: "Of Node" });
  assert.equal(realmName, realm);
  await refused(409, "realms.create", [{ realm }]);
  assert.ok(names(await kc.realms.find(), "realm").includes(realm));
  await kc.realms.update({ realm }, { displayName: "Another", attributes: { kept: "as it is" } });
  const found = await kc.realms.findOne({ realm });
  assert.equal(found.displayName, "Another");
  assert.equal(found.attributes.kept, "as it is");
  assert.equal(await kc.realms.findOne({ realm: "no-such-realm" }), null);
  const info = await kc.serverInfo.find();
  assert.match(info.systemInfo.version, /^26\./);
  const keys = await kc.realms.getKeys({ realm });
  assert.ok(keys.active.RS256);
  for (const clear of ["clearCrlCache", "clearKeysCache", "clearRealmCache", "clearUserCache"]) await kc.cache[clear]({ realm });

  const texts = { realm, selectedLocale: "de" };
  await kc.realms.addLocalization({ ...texts, key: "loginTitle" }, "Anmelden");
  assert.deepEqual(await kc.realms.getRealmSpecificLocales({ realm }), ["de"]);
  assert.deepEqual(await kc.realms.getRealmLocalizationTexts(texts), { loginTitle: "Anmelden" });
  await kc.realms.deleteRealmLocalizationTexts({ ...texts, key: "loginTitle" });

  const access = await kc.realms.createClientsInitialAccess({ realm }, { count: 1, expiration: 60 });
  assert.equal(access.count, 1);
  assert.equal((await kc.realms.getClientsInitialAccess({ realm })).length, 1);
  await kc.realms.delClientsInitialAccess({ realm, id: access.id });
  assert.ok((await kc.realms.getClientRegistrationPolicyProviders({ realm })).length > 0);

  const ldap = { realm };
  const nowhere = { action: "testConnection", connectionUrl: "ldap://127.0.0.1:1", authType: "none", bindDn: "", bindCredential: "", useTruststoreSpi: "never", connectionTimeout: "1000" };
  await refused(400, "realms.testLDAPConnection", [ldap, nowhere], { counts: true });
  await refused(400, "realms.ldapServerCapabilities", [ldap, nowhere], { counts: true });
  await refused(500, "realms.testSMTPConnection", [{ realm }, { host: "127.0.0.1", port: "1", from: "a@example.org" }], { counts: true });
  await featureOff("realms.getUsersManagementPermissions", { realm });
  await featureOff("realms.updateUsersManagementPermissions", { realm, enabled: true });

  const profiles = await kc.clientPolicies.listProfiles({ realm, includeGlobalProfiles: true });
  assert.ok(profiles.globalProfiles.length > 0);
  await kc.clientPolicies.createProfiles({ realm, profiles: [{ name: "strict", executors: [{ executor: "pkce-enforcer", configuration: { "auto-configure": true } }] }] });
  await kc.clientPolicies.updatePolicy({ realm, policies: [{ name: "all", enabled: true, conditions: [{ condition: "any-client", configuration: {} }], profiles: ["strict"] }] });
  assert.deepEqual(names((await kc.clientPolicies.listPolicies({ realm })).policies), ["all"]);
  await kc.clientPolicies.updatePolicy({ realm, policies: [] });
  await kc.clientPolicies.createProfiles({ realm, profiles: [] });
}

async function users() {
  const { id: alice } = await kc.users.create({ realm, username: "alice", enabled: true, email: "alice@example.org", firstName: "Alice", lastName: "A", credentials: [{ type: "password", value: "first-secret" }] });
  const { id: bob } = await kc.users.create({ realm, username: "bob", enabled: true, email: "bob@example.org" });
  await refused(409, "users.create", [{ realm, username: "bob" }], { text: /User exists with same/ });
  assert.deepEqual(names(await kc.users.find({ realm, search: "ali" }), "username"), ["alice"]);
  assert.equal(await kc.users.count({ realm }), 2);
  await kc.users.update({ realm, id: bob }, { firstName: "Bob", email: "bob@example.org" });
  assert.equal((await kc.users.findOne({ realm, id: bob })).firstName, "Bob");
  await kc.users.resetPassword({ realm, id: alice, credential: { temporary: false, type: "password", value: "second-secret" } });
  const [password] = await kc.users.getCredentials({ realm, id: alice });
  assert.equal(password.type, "password");
  await kc.users.updateCredentialLabel({ realm, id: alice, credentialId: password.id }, "at home");
  await kc.users.moveCredentialPositionUp({ realm, id: alice, credentialId: password.id });
  await refused(404, "users.moveCredentialPositionDown", [{ realm, id: alice, credentialId: password.id, newPreviousCredentialId: "no-such-id" }], { counts: true });
  await kc.users.resetPassword({ realm, id: bob, credential: { temporary: true, type: "password", value: "to be deleted" } });
  const [temporary] = await kc.users.getCredentials({ realm, id: bob });
  await kc.users.deleteCredential({ realm, id: bob, credentialId: temporary.id });
  await refused(404, "users.removeTotp", [{ realm, id: bob }], { counts: true });
  assert.ok(Array.isArray(await kc.users.getUserStorageCredentialTypes({ realm, id: alice })));
  const profile = await kc.users.getProfile({ realm });
  assert.ok(names(profile.attributes).includes("username"));
  await kc.users.updateProfile({ ...profile, realm, unmanagedAttributePolicy: "ENABLED" });
  assert.ok(names((await kc.users.getProfileMetadata({ realm })).attributes).includes("username"));
  await kc.users.update({ realm, id: alice }, { email: "alice@example.org", attributes: { free: ["text"] } });
  assert.deepEqual(await kc.users.getUnmanagedAttributes({ realm, id: alice }), { free: ["text"] });
  await refused(500, "users.executeActionsEmail", [{ realm, id: alice, actions: ["UPDATE_PASSWORD"] }], { counts: true });
  await refused(500, "users.sendVerifyEmail", [{ realm, id: alice }], { counts: true });
  await kc.identityProviders.create({ realm, alias: "github", providerId: "github", config: { clientId: "c", clientSecret: "s" } });
  await kc.users.addToFederatedIdentity({ realm, id: alice, federatedIdentityId: "github", federatedIdentity: { identityProvider: "github", userId: "4711", userName: "alice-at-github" } });
  assert.deepEqual(names(await kc.users.listFederatedIdentities({ realm, id: alice }), "identityProvider"), ["github"]);
  await kc.users.delFromFederatedIdentity({ realm, id: alice, federatedIdentityId: "github" });
  await kc.identityProviders.del({ realm, alias: "github" });
  for (const method of ["createVerifiableCredential", "listVerifiableCredentials", "updateVerifiableCredential", "revokeVerifiableCredential", "sendVerifiableCredentialOffer", "listIssuedVerifiableCredentials", "revokeIssuedVerifiableCredential"]) {
    await featureOff(`users.${method}`, { realm, id: alice, userId: alice, credentialScopeName: "n", credentialConfigurationId: "n", credentialId: "n", issuedCredentialId: "n" }, {});
  }
  return { alice, bob };
}

async function groups(alice) {
  const { id: main } = await kc.groups.create({ realm, name: "main" });
  const { id: sub } = await kc.groups.createChildGroup({ realm, id: main }, { name: "sub" });
  await kc.groups.updateChildGroup({ realm, id: main }, { id: sub, name: "sub", attributes: { kind: ["below"] } });
  const { id: top } = await kc.groups.create({ realm, name: "to move" });
  await kc.groups.updateRoot({ realm, id: top, name: "moved" });
  await kc.groups.del({ realm, id: top });
  assert.equal((await kc.groups.count({ realm })).count, 2);
  assert.deepEqual(names(await kc.groups.find({ realm })), ["main"]);
  await kc.groups.update({ realm, id: main }, { name: "renamed" });
  assert.equal((await kc.groups.findOne({ realm, id: main })).name, "renamed");
  assert.deepEqual(names(await kc.groups.listSubGroups({ realm, parentId: main })), ["sub"]);
  assert.equal((await kc.realms.getGroupByPath({ realm, path: "renamed/sub" })).id, sub);
  await kc.users.addToGroup({ realm, id: alice, groupId: sub });
  assert.deepEqual(names(await kc.groups.listMembers({ realm, id: sub }), "username"), ["alice"]);
  assert.deepEqual(names(await kc.users.listGroups({ realm, id: alice })), ["sub"]);
  assert.equal((await kc.users.countGroups({ realm, id: alice })).count, 1);
  await kc.users.delFromGroup({ realm, id: alice, groupId: sub });
  await kc.realms.addDefaultGroup({ realm, id: main });
  assert.deepEqual(names(await kc.realms.getDefaultGroups({ realm })), ["renamed"]);
  await kc.realms.removeDefaultGroup({ realm, id: main });
  await featureOff("groups.listPermissions", { realm, id: main });
  await featureOff("groups.updatePermission", { realm, id: main }, { enabled: true });
  return main;
}

async function roles(alice, group) {
  await kc.roles.create({ realm, name: "editor" });
  await kc.roles.create({ realm, name: "reader" });
  const editor = await kc.roles.findOneByName({ realm, name: "editor" });
  const reader = await kc.roles.findOneByName({ realm, name: "reader" });
  assert.equal((await kc.roles.findOneById({ realm, id: editor.id })).name, "editor");
  assert.ok(names(await kc.roles.find({ realm })).includes("reader"));
  await kc.roles.updateByName({ realm, name: "reader" }, { name: "reader", description: "Reads" });
  await kc.roles.updateById({ realm, id: reader.id }, { name: "reader", description: "Reads much" });
  await kc.roles.createComposite({ realm, roleId: editor.id }, [reader]);
  assert.deepEqual(names(await kc.roles.getCompositeRoles({ realm, id: editor.id })), ["reader"]);
  assert.deepEqual(names(await kc.roles.getCompositeRolesForRealm({ realm, id: editor.id })), ["reader"]);
  const mapping = [{ id: editor.id, name: "editor" }];
  for (const [of, id] of [["users", alice], ["groups", group]]) {
    await kc[of].addRealmRoleMappings({ realm, id, roles: mapping });
    assert.ok(names(await kc[of].listRealmRoleMappings({ realm, id })).includes("editor"));
    assert.ok(names((await kc[of].listRoleMappings({ realm, id })).realmMappings).includes("editor"));
    assert.ok(names(await kc[of].listCompositeRealmRoleMappings({ realm, id })).includes("reader"));
    assert.ok(!names(await kc[of].listAvailableRealmRoleMappings({ realm, id })).includes("editor"));
    if (of === "users") assert.deepEqual(names(await kc.roles.findUsersWithRole({ realm, name: "editor" }), "username"), ["alice"]);
    await kc[of].delRealmRoleMappings({ realm, id, roles: mapping });
  }
  await kc.roles.delCompositeRoles({ realm, id: editor.id }, [reader]);
  await featureOff("roles.listPermissions", { realm, id: editor.id });
  await featureOff("roles.updatePermission", { realm, id: editor.id }, { enabled: true });
  await kc.roles.delById({ realm, id: reader.id });
  await kc.roles.create({ realm, name: "short-lived" });
  await kc.roles.delByName({ realm, name: "short-lived" });
  return editor;
}

async function clients(alice, group, editor) {
  const { id: app } = await kc.clients.create({ realm, clientId: "app", redirectUris: ["https://app.example.org/*"], serviceAccountsEnabled: true, directAccessGrantsEnabled: true });
  const at = { realm, id: app };
  assert.deepEqual(names(await kc.clients.find({ realm, clientId: "app" }), "clientId"), ["app"]);
  await kc.clients.update(at, { clientId: "app", description: "An application" });
  assert.equal((await kc.clients.findOne(at)).description, "An application");
  const secret = (await kc.clients.getClientSecret(at)).value;
  assert.notEqual((await kc.clients.generateNewClientSecret(at)).value, secret);
  await kc.clients.invalidateSecret(at);
  assert.ok((await kc.clients.generateRegistrationAccessToken(at)).registrationAccessToken);
  assert.equal((await kc.clients.getServiceAccountUser(at)).username, "service-account-app");
  await kc.clients.addClusterNode({ ...at, node: "127.0.0.1" });
  assert.ok(await kc.clients.testNodesAvailable(at));
  await kc.clients.deleteClusterNode({ ...at, node: "127.0.0.1" });
  assert.ok(await kc.clients.pushRevocation(at));
  assert.ok(await kc.clients.getInstallationProviders({ ...at, providerId: "keycloak-oidc-keycloak-json" }));

  await kc.clients.createRole({ ...at, name: "operate" });
  await kc.clients.createRole({ ...at, name: "watch" });
  const operate = await kc.clients.findRole({ ...at, roleName: "operate" });
  const watch = await kc.clients.findRole({ ...at, roleName: "watch" });
  assert.deepEqual(names(await kc.clients.listRoles(at)), ["operate", "watch"]);
  await kc.clients.updateRole({ ...at, roleName: "watch" }, { name: "watch", description: "Watches" });
  await kc.roles.createComposite({ realm, roleId: operate.id }, [watch]);
  assert.deepEqual(names(await kc.roles.getCompositeRolesForClient({ realm, id: operate.id, clientId: app })), ["watch"]);
  const mapping = [{ id: operate.id, name: "operate" }];
  for (const [of, id] of [["users", alice], ["groups", group]]) {
    const there = { realm, id, clientUniqueId: app };
    await kc[of].addClientRoleMappings({ ...there, roles: mapping });
    assert.deepEqual(names(await kc[of].listClientRoleMappings(there)), ["operate"]);
    assert.deepEqual(names(await kc[of].listCompositeClientRoleMappings(there)), ["operate", "watch"]);
    assert.ok(!names(await kc[of].listAvailableClientRoleMappings(there)).includes("operate"));
    if (of === "users") assert.deepEqual(names(await kc.clients.findUsersWithRole({ ...at, roleName: "operate" }), "username"), ["alice"]);
    await kc[of].delClientRoleMappings({ ...there, roles: mapping });
  }

  const mapper = (name) => ({ name, protocol: "openid-connect", protocolMapper: "oidc-usermodel-attribute-mapper", config: { "user.attribute": name, "claim.name": name, "access.token.claim": "true" } });
  const { id: scope } = await kc.clientScopes.create({ realm, name: "extra", protocol: "openid-connect" });
  const inScope = { realm, id: scope };
  await kc.clientScopes.update(inScope, { name: "extra", protocol: "openid-connect", description: "More" });
  assert.equal((await kc.clientScopes.findOne(inScope)).description, "More");
  assert.ok(names(await kc.clientScopes.find({ realm })).includes("extra"));
  for (const [of, place] of [["clients", at], ["clientScopes", inScope]]) {
    await kc[of].addProtocolMapper(place, mapper("one"));
    await kc[of].addMultipleProtocolMappers(place, [mapper("two"), mapper("three")]);
    const made = by(await kc[of].listProtocolMappers(place), "name", "one");
    assert.equal((await kc[of].findProtocolMappersByProtocol({ ...place, protocol: "openid-connect" })).length, 3);
    const find = of === "clients" ? "findProtocolMapperById" : "findProtocolMapper";
    assert.equal((await kc[of][find]({ ...place, mapperId: made.id })).name, "one");
    await kc[of].updateProtocolMapper({ ...place, mapperId: made.id }, { ...made, config: { ...made.config, "claim.name": "uno" } });
    await kc[of].delProtocolMapper({ ...place, mapperId: made.id });
    const realmRoles = [{ id: editor.id, name: "editor" }];
    await kc[of].addRealmScopeMappings(place, realmRoles);
    assert.deepEqual(names(await kc[of].listRealmScopeMappings(place)), ["editor"]);
    assert.ok(!names(await kc[of].listAvailableRealmScopeMappings(place)).includes("editor"));
    assert.ok(names(await kc[of].listCompositeRealmScopeMappings(place)).includes("editor"));
    const ofClient = { ...place, client: app };
    await kc[of].addClientScopeMappings(ofClient, mapping);
    assert.deepEqual(names(await kc[of].listClientScopeMappings(ofClient)), ["operate"]);
    await kc[of].listAvailableClientScopeMappings(ofClient);
    assert.ok(names(await kc[of].listCompositeClientScopeMappings(ofClient)).includes("operate"));
    assert.deepEqual(names((await kc[of].listScopeMappings(place)).realmMappings), ["editor"]);
    await kc[of].delClientScopeMappings(ofClient, mapping);
    await kc[of].delRealmScopeMappings(place, realmRoles);
  }
  for (const [add, list, del] of [["addDefaultClientScope", "listDefaultClientScopes", "delDefaultClientScope"], ["addDefaultOptionalClientScope", "listDefaultOptionalClientScopes", "delDefaultOptionalClientScope"]]) {
    await kc.clientScopes[add](inScope);
    assert.ok(names(await kc.clientScopes[list]({ realm })).includes("extra"));
    await kc.clientScopes[del](inScope);
  }
  for (const [add, list, del] of [["addDefaultClientScope", "listDefaultClientScopes", "delDefaultClientScope"], ["addOptionalClientScope", "listOptionalClientScopes", "delOptionalClientScope"]]) {
    await kc.clients[add]({ ...at, clientScopeId: scope });
    assert.ok(names(await kc.clients[list](at)).includes("extra"));
    await kc.clients[del]({ ...at, clientScopeId: scope });
  }
  await kc.clientScopes.del(inScope);

  const example = { ...at, scope: "openid", userId: alice };
  assert.equal((await kc.clients.evaluateGenerateAccessToken(example)).azp, "app");
  assert.equal((await kc.clients.evaluateGenerateIdToken(example)).aud, "app");
  assert.equal((await kc.clients.evaluateGenerateUserInfo(example)).sub, alice);
  assert.ok((await kc.clients.evaluateListProtocolMapper({ ...at, scope: "openid" })).length > 10);
  assert.ok(Array.isArray(await kc.clients.evaluatePermission({ ...at, scope: "openid", roleContainer: realm, type: "granted" })));
  await featureOff("clients.evaluateGenerateSamlResponse", example);

  const certificate = { ...at, attr: "jwt.credential" };
  assert.ok((await kc.clients.generateKey(certificate)).certificate);
  assert.ok((await kc.clients.getKeyInfo(certificate)).certificate);
  const store = { format: "PKCS12", keyAlias: "app", keyPassword: "of the store", storePassword: "of the store", realmCertificate: false, realmAlias: "" };
  assert.ok(await kc.clients.downloadKey(certificate, store));
  assert.ok(await kc.clients.generateAndDownloadKey(certificate, store));
  const form = await certificateForm();
  await kc.clients.uploadKey(certificate, form());
  await kc.clients.uploadCertificate(certificate, form());

  await kc.clients.delRole({ ...at, roleName: "watch" });
  await featureOff("clients.listFineGrainPermissions", at);
  await featureOff("clients.updateFineGrainPermission", at, { enabled: true });
  const authorization = { ...at, resourceId: "n", policyId: "n", scopeId: "n", permissionId: "n", resourceName: "n", type: "role", name: "n" };
  for (const method of ["getResourceServer", "updateResourceServer", "listResources", "createResource", "getResource", "updateResource", "delResource", "importResource", "exportResource", "evaluateResource", "listPolicies", "findPolicyByName", "updatePolicy", "createPolicy", "findOnePolicyWithType", "findOnePolicy", "listDependentPolicies", "delPolicy", "listPolicyProviders", "listAllScopes", "listAllResourcesByScope", "listAllPermissionsByScope", "listPermissionsByResource", "listScopesByResource", "listPermissionScope", "createAuthorizationScope", "updateAuthorizationScope", "getAuthorizationScope", "delAuthorizationScope", "findPermissions", "createPermission", "updatePermission", "delPermission", "findOnePermission", "getAssociatedScopes", "getAssociatedResources", "getAssociatedPolicies"]) {
    await featureOff(`clients.${method}`, authorization, { name: "n" });
  }
  return app;
}

async function sessions(alice, app) {
  const secret = (await client.clients.getClientSecret({ realm, id: app })).value;
  const logIn = async (scope) => {
    const body = new URLSearchParams({ grant_type: "password", client_id: "app", client_secret: secret, username: "alice", password: "second-secret", scope });
    const answer = await fetch(`${settings.url}/realms/${realm}/protocol/openid-connect/token`, { method: "POST", body });
    assert.equal(answer.status, 200, await answer.clone().text());
  };
  await logIn("openid");
  const [session] = await kc.users.listSessions({ realm, id: alice });
  assert.equal(session.username, "alice");
  assert.equal((await kc.clients.listSessions({ realm, id: app })).length, 1);
  assert.equal((await kc.clients.getSessionCount({ realm, id: app })).count, 1);
  assert.equal(by(await kc.realms.getClientSessionStats({ realm }), "clientId", "app").active, "1");
  await kc.realms.removeSession({ realm, sessionId: session.id });
  await logIn("openid");
  const [next] = await client.users.listSessions({ realm, id: alice });
  await kc.realms.deleteSession({ realm, session: next.id, isOffline: false });
  await logIn("openid offline_access");
  assert.equal((await kc.clients.listOfflineSessions({ realm, id: app })).length, 1);
  assert.equal((await kc.clients.getOfflineSessionCount({ realm, id: app })).count, 1);
  assert.equal((await kc.users.listOfflineSessions({ realm, id: alice, clientId: app })).length, 1);
  assert.equal((await kc.users.listConsents({ realm, id: alice })).length, 1);
  await kc.users.revokeConsent({ realm, id: alice, clientId: "app" });
  await kc.users.logout({ realm, id: alice });
  await kc.realms.logoutAll({ realm });
  await kc.realms.pushRevocation({ realm });
  const answer = await kc.users.impersonation({ realm, id: alice }, {});
  assert.equal(answer.sameRealm, false);
  assert.equal((await kc.attackDetection.findOne({ realm, id: alice })).numFailures, 0);
  await kc.attackDetection.del({ realm, id: alice });
  await kc.attackDetection.delAll({ realm });
}

async function flows() {
  const at = { realm };
  const auth = kc.authenticationManagement;
  assert.ok(names(await auth.getFlows(at), "alias").includes("browser"));
  const { id: own } = await auth.createFlow({ realm, alias: "own", providerId: "basic-flow", topLevel: true, builtIn: false });
  await auth.copyFlow({ realm, flow: "browser", newName: "my browser" });
  const copy = by(await auth.getFlows(at), "alias", "my browser");
  assert.equal((await auth.getFlow({ realm, flowId: copy.id })).alias, "my browser");
  await auth.updateFlow({ realm, flowId: copy.id }, { ...copy, description: "Mine" });
  // Keycloak has no such address either.
  await refused(405, "authenticationManagement.addExecution", [{ realm, flow: "own", provider: "auth-cookie" }], { counts: true });
  const { id: cookie } = await auth.addExecutionToFlow({ realm, flow: "own", provider: "auth-cookie" });
  const { id: redirector } = await auth.addExecutionToFlow({ realm, flow: "own", provider: "identity-provider-redirector" });
  await auth.addFlowToFlow({ realm, flow: "own", alias: "own forms", type: "basic-flow", provider: "registration-page-form", description: "" });
  const [first] = await auth.getExecutions({ realm, flow: "own" });
  await auth.updateExecution({ realm, flow: "own" }, { ...first, requirement: "ALTERNATIVE" });
  await auth.lowerPriorityExecution({ realm, id: cookie });
  await auth.raisePriorityExecution({ realm, id: cookie });
  assert.deepEqual((await auth.getExecutions({ realm, flow: "own" })).slice(0, 2).map(({ id }) => id), [cookie, redirector]);
  const { id: config } = await auth.createConfig({ realm, id: redirector, alias: "to-github", config: { defaultProvider: "github" } });
  assert.equal((await auth.getConfig({ realm, id: config })).config.defaultProvider, "github");
  await auth.updateConfig({ realm, id: config, alias: "to-github", config: { defaultProvider: "gitlab" } });
  await auth.delConfig({ realm, id: config });
  assert.ok((await auth.getConfigDescription({ realm, providerId: "identity-provider-redirector" })).properties.length > 0);
  await auth.delExecution({ realm, id: cookie });
  for (const flowId of [own, copy.id]) await auth.deleteFlow({ realm, flowId });
  for (const list of ["getAuthenticatorProviders", "getClientAuthenticatorProviders", "getFormProviders", "getFormActionProviders"]) {
    assert.ok((await auth[list](at)).length > 0, list);
  }
  const action = await auth.getRequiredActionForAlias({ realm, alias: "UPDATE_PASSWORD" });
  assert.ok(names(await auth.getRequiredActions(at), "alias").includes("UPDATE_PASSWORD"));
  await auth.updateRequiredAction({ realm, alias: "UPDATE_PASSWORD" }, { ...action, enabled: false });
  await auth.lowerRequiredActionPriority({ realm, alias: "UPDATE_PASSWORD" });
  await auth.raiseRequiredActionPriority({ realm, alias: "UPDATE_PASSWORD" });
  assert.ok((await auth.getRequiredActionConfigDescription({ realm, alias: "UPDATE_PASSWORD" })).properties);
  await auth.updateRequiredActionConfig({ realm, alias: "UPDATE_PASSWORD" }, { config: { max_auth_age: "60" } });
  assert.equal((await auth.getRequiredActionConfig({ realm, alias: "UPDATE_PASSWORD" })).config.max_auth_age, "60");
  await auth.removeRequiredActionConfig({ realm, alias: "UPDATE_PASSWORD" });
  await auth.deleteRequiredAction({ realm, alias: "UPDATE_PASSWORD" });
  const unregistered = await auth.getUnregisteredRequiredActions(at);
  await auth.registerRequiredAction({ realm, ...by(unregistered, "providerId", "UPDATE_PASSWORD") });
  assert.ok(await auth.getRequiredActionForAlias({ realm, alias: "UPDATE_PASSWORD" }));
}

/** Gives a maker of forms that upload the realm's certificate. */
async function certificateForm() {
  const { keys } = await client.realms.getKeys({ realm });
  const pem = by(keys.filter((key) => key.use === "SIG"), "algorithm", "RS256").certificate;
  return () => {
    const data = new FormData();
    data.append("keystoreFormat", "Certificate PEM");
    data.append("file", new Blob([pem]), "certificate.pem");
    return data;
  };
}

async function identityProviders() {
  await kc.identityProviders.create({ realm, alias: "corp", providerId: "oidc", config: { clientId: "portcullis", clientSecret: "never shown", authorizationUrl: "https://idp.example.org/a", tokenUrl: "https://idp.example.org/t" } });
  const at = { realm, alias: "corp" };
  const provider = await kc.identityProviders.findOne(at);
  assert.equal(provider.config.clientSecret, "**********");
  assert.deepEqual(names(await kc.identityProviders.find({ realm }), "alias"), ["corp"]);
  await kc.identityProviders.update(at, { ...provider, displayName: "Corporation" });
  assert.ok(Object.keys(await kc.identityProviders.findMapperTypes(at)).length > 0);
  const { id } = await kc.identityProviders.createMapper({ ...at, identityProviderMapper: { name: "m", identityProviderAlias: "corp", identityProviderMapper: "oidc-user-attribute-idp-mapper", config: { claim: "dep", "user.attribute": "department" } } });
  const mapper = await kc.identityProviders.findOneMapper({ ...at, id });
  assert.equal(mapper.name, "m");
  await kc.identityProviders.updateMapper({ ...at, id }, { ...mapper, config: { ...mapper.config, claim: "unit" } });
  assert.equal((await kc.identityProviders.findMappers(at))[0].config.claim, "unit");
  await kc.identityProviders.delMapper({ ...at, id });
  assert.ok(await kc.identityProviders.findFactory({ realm, providerId: "oidc" }));
  await kc.identityProviders.reloadKeys(at);
  await refused(400, "identityProviders.importFromUrl", [{ realm, fromUrl: "http://127.0.0.1:1/none", providerId: "oidc" }], { counts: true });
  await featureOff("identityProviders.listPermissions", at);
  await featureOff("identityProviders.updatePermission", at, { enabled: true });
  const uploaded = await kc.identityProviders.uploadCertificate({ realm }, (await certificateForm())());
  assert.ok(uploaded.certificate && uploaded.publicKey);
  await kc.identityProviders.del(at);
}

async function components() {
  const { id } = await kc.components.create({ realm, name: "more-keys", providerId: "ecdsa-generated", providerType: "org.keycloak.keys.KeyProvider", config: { priority: ["50"] } });
  const component = await kc.components.findOne({ realm, id });
  assert.ok(names(await kc.components.find({ realm, type: "org.keycloak.keys.KeyProvider" })).includes("more-keys"));
  await kc.components.update({ realm, id }, { ...component, config: { ...component.config, priority: ["60"] } });
  assert.ok(Array.isArray(await kc.components.listSubComponents({ realm, id, type: "org.keycloak.keys.KeyProvider" })));
  await kc.components.del({ realm, id });
  const { id: ldap } = await kc.components.create({ realm, name: "directory", providerId: "ldap", providerType: "org.keycloak.storage.UserStorageProvider", config: { vendor: ["other"], connectionUrl: ["ldap://127.0.0.1:1"], usersDn: ["ou=people"], authType: ["none"], usernameLDAPAttribute: ["uid"], rdnLDAPAttribute: ["uid"], uuidLDAPAttribute: ["entryUUID"], userObjectClasses: ["inetOrgPerson"], editMode: ["READ_ONLY"], enabled: ["true"] } });
  assert.equal((await kc.userStorageProvider.name({ realm, id: ldap })).name, "directory");
  await kc.userStorageProvider.removeImportedUsers({ realm, id: ldap });
  await kc.userStorageProvider.unlinkUsers({ realm, id: ldap });
  await refused(404, "userStorageProvider.mappersSync", [{ realm, id: "no-such-id", parentId: "no-such-id", direction: "fedToKeycloak" }], { counts: true });
  await refused(404, "userStorageProvider.sync", [{ realm, id: "no-such-id", action: "triggerFullSync" }], { counts: true });
  await kc.components.del({ realm, id: ldap });
}

async function events() {
  await kc.realms.updateConfigEvents({ realm }, { eventsEnabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: true });
  assert.equal((await kc.realms.getConfigEvents({ realm })).adminEventsEnabled, true);
  await client.roles.create({ realm, name: "seen" });
  const [event] = await kc.realms.findAdminEvents({ realm, operationTypes: "CREATE", resourceTypes: "REALM_ROLE" });
  assert.match(event.resourcePath, /^roles/);
  assert.ok(Array.isArray(await kc.realms.findEvents({ realm, type: "LOGIN" })));
  await kc.realms.clearEvents({ realm });
  await kc.realms.clearAdminEvents({ realm });
}

async function importAndExport() {
  const exported = await kc.realms.export({ realm, exportClients: true, exportGroupsAndRoles: true });
  assert.ok(names(exported.clients, "clientId").includes("app") && names(exported.roles.realm).includes("editor"));
  const result = await kc.realms.partialImport({ realm, rep: { ifResourceExists: "SKIP", users: [{ username: "dave" }, { username: "alice" }] } });
  assert.deepEqual([result.added, result.skipped], [1, 1]);
}

async function whatIsOff() {
  const some = { realm, id: "n", orgId: "n", userId: "n", alias: "n", memberId: "n", idpAlias: "n", name: "n", groupId: "n", parentId: "n" };
  for (const resource of ["organizations", "workflows"]) {
    for (const method of methodsOf(resource)) {
      // `groups` gives an object of further methods, which are those of groups.
      if (method !== "groups") await featureOff(`${resource}.${method}`, some, { name: "n" });
    }
  }
}

// `makeRequest` and its like are inner parts of the library.
const methodsOf = (resource) => Object.getOwnPropertyNames(client[resource]).filter((name) => typeof client[resource][name] === "function" && !name.startsWith("make"));

await realms();
const { alice, bob } = await users();
const group = await groups(alice);
const editor = await roles(alice, group);
const app = await clients(alice, group, editor);
await sessions(alice, app);
await flows();
await identityProviders();
await components();
await events();
await importAndExport();
await whatIsOff();
await refused(403, "whoAmI.find", [{ realm: "master", currentRealm: "master" }], { counts: true });
await refused(404, "serverInfo.findEffectiveMessageBundles", [{ realm, theme: "no-such-theme", themeType: "login", locale: "en" }], { counts: true });
await kc.clients.del({ realm, id: app });
await kc.users.del({ realm, id: bob });
await kc.realms.del({ realm });

// Those that live in organizations.
const within = /^groups\.(addMemberToOrgGroup|removeMemberFromOrgGroup|listOrgGroups|getOrgId|isOrgGroups)$/;
const resources = ["realms", "users", "groups", "roles", "clients", "clientScopes", "clientPolicies", "identityProviders", "components", "serverInfo", "whoAmI", "attackDetection", "authenticationManagement", "cache", "userStorageProvider"];
const offered = resources.flatMap((resource) => methodsOf(resource).map((method) => `${resource}.${method}`)).filter((name) => !within.test(name));
const missing = offered.filter((name) => !worked.has(name) && !off.has(name));
assert.deepEqual(missing, [], "never called");
console.log(JSON.stringify({ worked: [...worked].sort(), off: [...off].sort() }));
