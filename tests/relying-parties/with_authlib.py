"""A web application on Authlib and Flask, whose pages are JSON. It says its port on standard output and ends with its
standard input."""

import json
import sys
import threading

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session, url_for
from requests import HTTPError
from werkzeug.serving import make_server

settings = json.loads(sys.argv[1])
app = Flask(__name__)
app.secret_key = settings["sessionKey"]
# Tokens do not fit into Flask's cookie.
logins = {}



def keep(token, refresh_token=None, access_token=None):
    """Authlib has refreshed tokens by itself."""
    logins[session["login"]].update(token)


portcullis = OAuth(app).register(
    "portcullis",
    client_id=settings["clientId"],
    client_secret=settings["clientSecret"],
    server_metadata_url=settings["issuer"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    update_token=keep,
)


@app.get("/login")
def login():
    return portcullis.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    token = portcullis.authorize_access_token()
    session["login"] = token["userinfo"]["sub"]
    logins[session["login"]] = token
    return {"token": token}


@app.get("/userinfo")
def userinfo():
    try:
        return portcullis.userinfo(token=logins[session["login"]])
    except HTTPError as error:
        return {"status": error.response.status_code, "authenticate": error.response.headers.get("WWW-Authenticate")}


@app.get("/refresh")
def refresh():
    login = logins[session["login"]]
    # Authlib refreshes before the next request by itself, because it believes that the token has expired.
    login["expires_at"] = 1
    try:
        shown = portcullis.userinfo(token=login)
    except OAuthError as error:
        return {"error": error.error, "error_description": error.description}
    # The ID token of a refresh has no nonce.
    return {"userinfo": shown, "token": login, "claims": portcullis.parse_id_token(login, nonce=None)}


@app.get("/logout")
def logout():
    hint = logins[session["login"]]["id_token"]
    leaving = portcullis.create_logout_url(url_for("logged_out", _external=True), id_token_hint=hint)
    session["leaving"] = leaving["state"]
    return redirect(leaving["url"])


@app.get("/logged-out")
def logged_out():
    return {"left": request.args["state"] == session["leaving"]}


server = make_server("127.0.0.1", 0, app, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"step": "listening", "port": server.port}), flush=True)
sys.stdin.read()
server.shutdown()
