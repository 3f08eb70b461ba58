// Sets the probe cookies and goes on to the page that looks for them. Over https a cookie reaches a frame in another
// site's page only with SameSite=None, which needs Secure; over plain http (development) a plain one has to do.
(function () {
  'use strict';
  document.cookie = 'KEYCLOAK_3P_COOKIE=supported';
  document.cookie = 'KEYCLOAK_3P_COOKIE_SAMESITE=supported; SameSite=None; Secure';
  window.location.replace('step2.html');
})();
