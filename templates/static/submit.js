// Sends the page's form. Called on the prototype, because a field named "submit" would hide the form's own method.
(function () {
  'use strict';
  var form = document.getElementById('kc-form-post');
  HTMLFormElement.prototype.submit.call(form);
})();
