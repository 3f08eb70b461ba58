// Answers an application that asks from its own page whether its session is still the browser's (OpenID Connect Session
// Management section 3.2): the message is "<client id> <session state>", the answer "unchanged", "changed" or "error".
//
// The readable cookie KEYCLOAK_SESSION holds base64url(SHA-256(session id)), and the session state is the session id.
// The browser's own SHA-256 is missing in pages that came over plain http, so it is done here.
(function () {
  'use strict';
  var COOKIE = 'KEYCLOAK_SESSION';
  var ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  // Fractions of the roots of the first primes, as FIPS 180-4 sections 4.2.2 and 5.3.3 define its constants.
  function fraction(root) {
    return ((root - Math.floor(root)) * 4294967296) | 0;
  }

  function constants() {
    var initial = [];
    var round = [];
    for (var candidate = 2; round.length < 64; candidate += 1) {
      var prime = true;
      for (var divisor = 2; divisor * divisor <= candidate; divisor += 1) {
        if (candidate % divisor === 0) {
          prime = false;
        }
      }
      if (prime) {
        if (initial.length < 8) {
          initial.push(fraction(Math.pow(candidate, 1 / 2)));
        }
        round.push(fraction(Math.pow(candidate, 1 / 3)));
      }
    }
    return { initial: initial, round: round };
  }

  function rotated(word, bits) {
    return (word >>> bits) | (word << (32 - bits));
  }

  // FIPS 180-4 section 5.1.1: a one bit, zeros, and the length in bits, to a multiple of 64 bytes.
  function padded(bytes) {
    var all = bytes.concat([0x80]);
    while (all.length % 64 !== 56) {
      all.push(0);
    }
    var bits = bytes.length * 8;
    return all.concat([0, 0, 0, 0, bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255]);
  }

  // FIPS 180-4 section 6.2.2.
  function sha256(bytes) {
    var of = constants();
    var hash = of.initial;
    var message = padded(bytes);
    for (var start = 0; start < message.length; start += 64) {
      var words = [];
      for (var t = 0; t < 64; t += 1) {
        if (t < 16) {
          var at = start + t * 4;
          words.push((message[at] << 24) | (message[at + 1] << 16) | (message[at + 2] << 8) | message[at + 3]);
        } else {
          var early = words[t - 15];
          var late = words[t - 2];
          var small0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
          var small1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
          words.push((words[t - 16] + small0 + words[t - 7] + small1) | 0);
        }
      }
      var s = hash.slice();
      for (var i = 0; i < 64; i += 1) {
        var large1 = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25);
        var choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        var first = (s[7] + large1 + choice + of.round[i] + words[i]) | 0;
        var large0 = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22);
        var majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        s = [(first + large0 + majority) | 0, s[0], s[1], s[2], (s[3] + first) | 0, s[4], s[5], s[6]];
      }
      for (var j = 0; j < 8; j += 1) {
        hash[j] = (hash[j] + s[j]) | 0;
      }
    }
    var digest = [];
    hash.forEach(function (word) {
      digest.push(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
    });
    return digest;
  }

  // RFC 4648 section 5, without padding.
  function base64url(bytes) {
    var text = '';
    for (var at = 0; at < bytes.length; at += 3) {
      var triple = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
      var letters = Math.min(bytes.length - at, 3) + 1;
      for (var letter = 0; letter < letters; letter += 1) {
        text += ALPHABET.charAt((triple >>> (18 - 6 * letter)) & 63);
      }
    }
    return text;
  }

  function utf8(text) {
    var binary = unescape(encodeURIComponent(text));
    var bytes = [];
    for (var at = 0; at < binary.length; at += 1) {
      bytes.push(binary.charCodeAt(at));
    }
    return bytes;
  }

  function cookie() {
    var found = '';
    document.cookie.split('; ').forEach(function (pair) {
      if (pair.indexOf(COOKIE + '=') === 0) {
        found = pair.slice(COOKIE.length + 1).replace(/^"|"$/g, '');
      }
    });
    return found;
  }

  function compared(state) {
    var held = cookie();
    if (held === '' || state === '') {
      return held === state ? 'unchanged' : 'changed';
    }
    return held === base64url(sha256(utf8(state))) ? 'unchanged' : 'changed';
  }

  // Which client may ask from which origin: asked of the server once.
  var permitted = {};

  function whenPermitted(client, origin, then) {
    var key = origin + ' ' + client;
    if (permitted[key]) {
      then(true);
      return;
    }
    var request = new XMLHttpRequest();
    var query = '?client_id=' + encodeURIComponent(client) + '&origin=' + encodeURIComponent(origin);
    request.open('GET', window.location.pathname + '/init' + query);
    request.onload = function () {
      permitted[key] = request.status === 204;
      then(permitted[key]);
    };
    request.onerror = function () {
      then(false);
    };
    request.send();
  }

  // A browser that keeps the cookies from this frame can't tell anything. It only says so in a secure context.
  function whenCookiesAreThere(then) {
    if (!window.isSecureContext || !document.hasStorageAccess) {
      then(true);
      return;
    }
    document.hasStorageAccess().then(then, function () {
      then(false);
    });
  }

  window.addEventListener('message', function (event) {
    // A sandboxed page has the origin "null", to which nothing can be addressed.
    if (typeof event.data !== 'string' || event.data.length > 4096 || !event.source || event.origin === 'null') {
      return;
    }

    function answer(text) {
      event.source.postMessage(text, event.origin);
    }

    // A client id may hold blanks, a session state can't.
    var blank = event.data.lastIndexOf(' ');
    if (blank < 1) {
      answer('error');
      return;
    }
    var client = event.data.slice(0, blank);
    var state = event.data.slice(blank + 1);

    whenCookiesAreThere(function (there) {
      if (!there) {
        answer('error');
        return;
      }
      whenPermitted(client, event.origin, function (allowed) {
        answer(allowed ? compared(state) : 'error');
      });
    });
  });
})();
