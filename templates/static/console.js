// What the console's pages gain from scripts: keys, copying, and the command palette. Without it every page works still.
(function () {
  'use strict';

  var palette = document.getElementById('palette');
  var opener = document.getElementById('open-palette');
  var content = document.getElementById('palette-content');

  function openPalette() {
    if (!palette || !opener || palette.open) return;
    var here = document.querySelector('main .find-anything input[type=search]');
    if (here) {
      here.focus();
      return;
    }
    palette.showModal();
    // The search page once more, without its frame.
    window.htmx.ajax('GET', opener.getAttribute('href'), { target: content, select: '#find' })
      .then(function () {
        var field = content.querySelector('input[type=search]');
        if (field) field.focus();
      });
  }

  // What was asked for, what the results are for, and whether somebody waits for them.
  var askedFor = '';
  var shownFor = null;
  var waiting = false;

  function goToFirst() {
    var first = results()[0];
    waiting = false;
    if (first) first.click();
  }

  function results() {
    return Array.prototype.slice.call(content.querySelectorAll('a[href]'));
  }

  if (opener && palette) {
    opener.addEventListener('click', function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openPalette();
    });
    palette.addEventListener('click', function (event) {
      if (event.target === palette) palette.close();
    });
    palette.addEventListener('keydown', function (event) {
      var links = results();
      var at = links.indexOf(document.activeElement);
      if (event.key === 'ArrowDown' && links.length) {
        event.preventDefault();
        links[Math.min(at + 1, links.length - 1)].focus();
      } else if (event.key === 'ArrowUp' && links.length) {
        event.preventDefault();
        if (at > 0) links[at - 1].focus();
        else content.querySelector('input[type=search]').focus();
      } else if (event.key === 'Enter' && event.target.type === 'search') {
        event.preventDefault();
        // What is shown may be for less than was typed by now: then the answer is waited for.
        if (event.target.value === shownFor) goToFirst();
        else {
          waiting = true;
          window.htmx.trigger(event.target, 'search');
        }
      }
    });
    palette.addEventListener('htmx:beforeRequest', function () {
      var field = content.querySelector('input[type=search]');
      askedFor = field ? field.value : '';
    });
    palette.addEventListener('htmx:afterSwap', function () {
      shownFor = askedFor;
      if (waiting) goToFirst();
    });
  }

  document.addEventListener('keydown', function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if ((event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !typing)) {
      event.preventDefault();
      openPalette();
    }
  });

  // <button type="button" data-copy="#id">: there, hidden, for those who have scripts.
  function showCopying(root) {
    root.querySelectorAll('button[data-copy]').forEach(function (button) {
      button.hidden = false;
    });
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[data-copy]');
    if (!button) return;
    var from = document.querySelector(button.dataset.copy);
    navigator.clipboard.writeText(from.value === undefined ? from.textContent : from.value).then(function () {
      var label = button.textContent;
      button.textContent = 'Copied';
      setTimeout(function () { button.textContent = label; }, 2000);
    });
  });

  // <button type="button" data-add="#template-id" data-to="#list-id">: one more row of a form.
  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[data-add]');
    if (!button) return;
    var row = document.querySelector(button.dataset.add).content.cloneNode(true);
    var list = document.querySelector(button.dataset.to);
    list.appendChild(row);
    var field = list.lastElementChild.querySelector('input, select, textarea');
    if (field) field.focus();
  });

  // A form is sent only once; it can be again when somebody comes back to the page.
  document.addEventListener('submit', function (event) {
    if (event.defaultPrevented || event.target.method !== 'post') return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
  });

  // On wide pages the menu is open; on a phone it opens on request.
  var ways = document.querySelector('details.ways');
  if (ways) {
    var wide = window.matchMedia('(min-width: 60rem)');
    var follow = function () { ways.open = wide.matches; };
    wide.addEventListener('change', follow);
    follow();
  }

  showCopying(document);
  document.addEventListener('htmx:afterSwap', function (event) { showCopying(event.target); });
})();
