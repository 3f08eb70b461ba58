// An application on openid-client: what it does is a line of JSON on standard output, and what its user's browser
// brought back is a line of JSON on standard input.

import { webcrypto } from "node:crypto";
import { createInterface } from "node:readline";

// Node.js 18 has these only under another name. The import below has to come later.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
const client = await import("openid-client");

const settings = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = (step, value) => process.stdout.write(`${JSON.stringify({ step, ...value })}\n`);
const hear = async () => JSON.parse((await lines.next()).value);

// A request that is meant to be refused.
const refusal = (promise) =>
  promise.then(
    () => ({ error: null }),
    (error) => ({ error: error.error ?? error.cause?.[0]?.parameters?.error ?? error.message, status: error.status }),
  );

async function authentication() {
  if (settings.clientSecret) {
    return client.ClientSecretPost(settings.clientSecret);
  }
  // The application makes its key itself, and says only the public half of it.
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  tell("key", { jwk: { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "key-of-the-app", use: "sig", alg: "ES256" } });
  await hear();
  return client.PrivateKeyJwt({ key: privateKey, kid: "key-of-the-app" });
}

const config = await client.discovery(new URL(settings.issuer), settings.clientId, undefined, await authentication(), {
  // Plain HTTP, and the signature of the ID token looked at although it came straight from the server.
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
});

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const request = {
  redirect_uri: settings.redirectUri,
  scope: "openid profile email",
  state: expectedState,
  nonce: expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
};
const authorize = settings.pushed ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl;
tell("login", { url: await authorize(config, request) });

const { callback } = await hear();
let tokens = await client.authorizationCodeGrant(config, new URL(callback), {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
  idTokenExpected: true,
});
const claims = tokens.claims();
tell("tokens", { tokens, claims });
tell("userinfo", { userinfo: await client.fetchUserInfo(config, tokens.access_token, claims.sub) });

const used = tokens.refresh_token;
tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
tell("refreshed", { tokens, claims: tokens.claims(), used });
tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
tell("refreshed", { tokens, claims: tokens.claims() });
tell("introspected", { introspection: await client.tokenIntrospection(config, tokens.access_token) });

tell("logout", {
  url: client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: settings.postLogoutRedirectUri,
    state: "see you",
  }),
});
await hear();
tell("after", {
  refresh: await refusal(client.refreshTokenGrant(config, tokens.refresh_token)),
  userinfo: await refusal(client.fetchUserInfo(config, tokens.access_token, claims.sub)),
  introspection: await client.tokenIntrospection(config, tokens.access_token),
});
process.exit(0);
