// Goes on when every application's frame is loaded: the window's own load event waits for them. An application that
// doesn't answer holds nobody up for longer than the refresh of the page without scripts would.
(function () {
  'use strict';
  var gone = false;

  function goOn() {
    if (!gone) {
      gone = true;
      window.location.replace(document.getElementById('kc-continue').href);
    }
  }

  window.addEventListener('load', goOn);
  window.setTimeout(goOn, 5000);
})();
