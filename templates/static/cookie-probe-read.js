// Looks for the probe cookies, takes them away, and tells the application that framed this page.
(function () {
  'use strict';
  var names = ['KEYCLOAK_3P_COOKIE', 'KEYCLOAK_3P_COOKIE_SAMESITE'];

  function isThere(name) {
    return document.cookie.split('; ').indexOf(name + '=supported') !== -1;
  }

  function tell(supported) {
    // The answer is about the browser, not about anybody's session: any page may know it.
    window.parent.postMessage(supported ? 'supported' : 'unsupported', '*');
  }

  var found = names.some(isThere);
  document.cookie = names[0] + '=; Max-Age=0';
  document.cookie = names[1] + '=; Max-Age=0; SameSite=None; Secure';

  // Some browsers give a frame a jar of its own per site that shows it: the probe is there, but never the login. They
  // say so, though only where the page is in a secure context.
  if (found && window.isSecureContext && document.hasStorageAccess) {
    document.hasStorageAccess().then(tell, function () {
      tell(false);
    });
  } else {
    tell(found);
  }
})();
