"""Imports people from a CSV file one after the other, as a script of a page of the vendor's would: a baseline to measure against.

One sign-in, the lists that names are looked up in, and then one request for each row. Only the standard library is used.
"""

import csv
import http.client
import json
import sys
import urllib.parse


class Session:
    """One connection, and the headers of one sign-in."""

    def __init__(self, base, email, password):
        parts = urllib.parse.urlsplit(base)
        self.root = parts.path.rstrip("/")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port)
        self.headers = {"accept": "application/json", "content-type": "application/json"}
        _, answer = self.send("POST", "/auth/sign_in", {"email": email, "password": password})
        for name in ("access-token", "client", "uid"):
            self.headers[name] = answer.getheader(name)

    def send(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        self.connection.request(method, self.root + path, text, self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {data[:200]!r}")
        token = (answer.getheader("access-token") or "").strip()
        if token and "access-token" in self.headers:
            self.headers["access-token"] = token
        return json.loads(data), answer

    def every(self, path, query):
        number, rows = 1, []
        while True:
            page = urllib.parse.urlencode({**query, "page[number]": number})
            document, _ = self.send("GET", f"{path}?{page}")
            rows += document["data"]
            meta = document.get("meta") or {}
            if number >= int(meta.get("total-pages") or 1):
                return rows
            number += 1


def names(rows):
    return {row["attributes"]["name"].strip(): row["id"] for row in rows}


def main(base, email, password, path):
    session = Session(base, email, password)
    roles = names(session.every("/api/v1/organization/roles", {}))
    units = names(session.every("/api/v1/organization/units", {}))
    listed = {"with_inactive": "true", "filters[with_inactive]": "true"}
    users = session.every("/api/v1/users", listed)
    known = {row["attributes"].get("integration-uid"): row["id"] for row in users}
    created = updated = 0
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            body = {
                "email": row["email"],
                "last_name": row["ФИО"],
                "integration_uid": row["id"],
                "unit_id": units[row["Отдел"]],
                "role_id": roles[row["Роль"]],
            }
            record = known.get(row["id"])
            if record is None:
                session.send("POST", "/api/v1/users", body)
                created += 1
            else:
                session.send("PUT", f"/api/v1/users/{record}", body)
                updated += 1
    print(f"created={created} updated={updated}")


if __name__ == "__main__":
    main(*sys.argv[1:])
