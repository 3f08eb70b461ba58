// Two comforts of the login page, which works without them: the password can be shown while it is typed, and a form
// that is on its way isn't sent again by a second click.
(function () {
  'use strict';
  var form = document.getElementById('kc-form-login');
  var password = document.getElementById('password');

  var button = document.createElement('button');
  button.type = 'button';
  button.className = 'reveal';
  button.setAttribute('aria-controls', 'password');

  function show(visible) {
    password.type = visible ? 'text' : 'password';
    button.textContent = visible ? 'Hide' : 'Show';
    button.setAttribute('aria-label', visible ? 'Hide password' : 'Show password');
  }

  show(false);
  button.addEventListener('click', function () {
    show(password.type === 'password');
  });
  password.parentNode.appendChild(button);

  var sent = false;
  form.addEventListener('submit', function (event) {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // Browsers offer to remember what a field of type password held.
    show(false);
  });
  // Back from the application, the page may come out of the browser's memory as it was left.
  window.addEventListener('pageshow', function () {
    sent = false;
  });
})();
