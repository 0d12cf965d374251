"""What jinja2 with transformers' settings makes of the templates of cogent-jinja's LanguageTest.

  pip install transformers==5.24.0 jinja2==3.1.6
  python templates.py ../../cogent-jinja/src/test/resources/jinja/language.json

Each case keeps its `template` (to add one, add a line) and gets `expected`, the text, or `error`, the exception's message, anew. It is
March 9 2025, 14:05:07. `dict` and `namespace` are jinja2's: transformers' own differ in what they are called, and refuse `_names`.
"""
import json
import sys
from datetime import datetime

from jinja2.utils import Namespace
from transformers.utils import chat_template_utils


class March(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2025, 3, 9, 14, 5, 7)


def made(template, variables):
    try:
        return {"expected": environment.from_string(template).render(**variables)}
    except Exception as wrong:
        return {"error": str(wrong)}


chat_template_utils.datetime = March
environment = chat_template_utils._compile_jinja_template("").environment
environment.globals |= {"dict": dict, "namespace": Namespace}
file = sys.argv[1]
with open(file, encoding="utf-8") as lines:
    fixture = json.load(lines)
variables = fixture["variables"]
cases = [{"template": case["template"]} | made(case["template"], json.loads(json.dumps(variables))) for case in fixture["cases"]]
with open(file, "w", encoding="utf-8") as out:
    out.write('{"variables":' + json.dumps(variables, ensure_ascii=False) + ',\n"cases":[\n'
              + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]}\n")
