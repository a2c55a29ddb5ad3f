"""What a scripting user would write in Python: one connection, row by row. Arguments: URL, file."""
import csv
import http.client
import sys
import urllib.parse

url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.hostname, url.port)
headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Auth-Token": "bench", "X-Auth-Secret": "bench"}
with open(sys.argv[2], newline="") as file:
    for row in csv.DictReader(file):
        connection.request("POST", url.path, urllib.parse.urlencode(row), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"{row['ticket']}: {answer.status}")
