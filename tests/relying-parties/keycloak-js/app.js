// A page that does with keycloak-js what its documentation says, and writes down what happens for the test to read.

import Keycloak from "/keycloak.js";

const { adapter, init } = await (await fetch("/settings.json")).json();

// How often this tab has loaded the page.
sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1;

// What the frames of the server say.
window.messages = [];
window.addEventListener("message", ({ origin, data }) => {
  if (origin !== location.origin) {
    window.messages.push({ origin, data });
  }
});

const keycloak = new Keycloak(adapter);
window.keycloak = keycloak;
window.events = [];
const names = ["onAuthSuccess", "onAuthError", "onAuthRefreshSuccess", "onAuthRefreshError", "onAuthLogout"];
for (const name of names) {
  keycloak[name] = () => window.events.push(name);
}
document.getElementById("login").onclick = () => keycloak.login();
document.getElementById("logout").onclick = () => keycloak.logout();

try {
  const authenticated = await keycloak.init({
    onLoad: "check-sso",
    silentCheckSsoRedirectUri: `${location.origin}/silent-check-sso.html`,
    checkLoginIframeInterval: 1,
    ...init,
  });
  window.ready = { authenticated };
} catch (error) {
  window.ready = { error: error?.error ?? String(error) };
}
