"""Writes chat_templates.json: what PyPI's jinja2, set up as transformers does, makes of our own templates in
chat_templates/ for some conversations; tst_chat_templates_data compares byte for byte.

    make_chat_templates.py                               writes the file
    make_chat_templates.py --compare PROGRAM FOLDER...   lays bin/render_chat beside jinja2 on *.jinja and *.gguf

The second way is for the templates that models come with, which are not in this repository: llama.cpp's are in
models/templates of the source package of PyPI's llama-cpp-python. A template is *equal* to jinja2 on a
conversation if both give the same bytes or both refuse. GGUF files need PyPI's gguf."""
import datetime
import json
import os
import subprocess
import sys
import time

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = 1753869296  # 2025-07-30, 09:54:56 UTC
BOS, EOS = "<s>", "</s>"

CONVERSATIONS = {
    "one question": [("user", "Why is the sky blue?")],
    "system": [("system", "You answer in one sentence."), ("user", "Why?")],
    "turns": [("user", "a"), ("assistant", "b"), ("user", "c")],
    "system and turns": [("system", " S \n"), ("user", "  spaced  "), ("assistant", "\nhello\n"), ("user", "again?"),
                         ("assistant", "yes"), ("user", "done")],
    "unicode": [("system", "Ünïcödé \u2028 日本語"), ("user", "🦊 \u00a0é\u0301 \u200b"), ("assistant", "שלום ١٢"), ("user", "ßŸ")],
    "quotes and newlines": [("user", "\"x\" 'y' \\ \\n {{ 1 }} {% if %} <b>&amp;\r\n\n\ttab\n"),
                            ("assistant", "```\n{\"a\": [1, 2]}\n```\n\n"), ("user", "\n\n'")],
    "thoughts": [("user", "1+1?"), ("assistant", "<think>\nadd\n</think>\n\n2"), ("user", "2+2?"),
                 ("assistant", "<think>more</think>4"), ("user", "/no_think ok?")],
    "answer last": [("user", "a"), ("assistant", "b")],
    "empty words": [("system", ""), ("user", ""), ("assistant", ""), ("user", " ")],
    "two users": [("user", "a"), ("user", "b")],
    "no message": [],
}


class Refusal(Exception):
    pass


class Generation(jinja2.ext.Extension):
    """{% generation %}, whose content is just its content."""
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_content"), [], [], body).set_lineno(line)

    def _content(self, caller):
        return caller()


def environment():
    def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def refuse(message):
        raise Refusal(message)

    env = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                                       extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = to_json
    env.globals["raise_exception"] = refuse
    env.globals["strftime_now"] = lambda form: datetime.datetime.fromtimestamp(NOW).strftime(form)
    return env


def messages_of(turns):
    return [{"role": role, "content": content} for role, content in turns]


def wanted(template, turns, prompt):
    """(text, None) or (None, why not)."""
    try:
        compiled = environment().from_string(template)
        return compiled.render(messages=messages_of(turns), tools=None, documents=None, add_generation_prompt=prompt,
                               bos_token=BOS, eos_token=EOS), None
    except Refusal as refusal:
        return None, str(refusal)
    except Exception as error:  # whatever a template can do wrong in Python
        return None, "%s: %s" % (type(error).__name__, error)


def own_templates():
    folder = os.path.join(HERE, "chat_templates")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), newline="") as file:
            yield name, file.read()


def write():
    cases = []
    for name, template in own_templates():
        for conversation, turns in CONVERSATIONS.items():
            for prompt in (False, True):
                text, why = wanted(template, turns, prompt)
                case = {"template": name, "conversation": conversation, "prompt": prompt}
                case.update({"text": text} if why is None else {"refused": why})
                cases.append(case)
    data = {"made_with": "jinja2 " + jinja2.__version__, "bos": BOS, "eos": EOS, "now": NOW,
            "conversations": {name: messages_of(turns) for name, turns in CONVERSATIONS.items()}, "cases": cases}
    with open(os.path.join(HERE, "chat_templates.json"), "w") as file:
        json.dump(data, file, indent=1, ensure_ascii=False)
        file.write("\n")
    refused = sum("refused" in case for case in cases)
    print("%d cases, %d of them refused by the template" % (len(cases), refused))


def templates_in(folders):
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if name.endswith(".jinja"):
                with open(path, newline="") as file:
                    yield name, file.read()
            elif name.endswith(".gguf"):
                import gguf
                field = gguf.GGUFReader(path).get_field("tokenizer.chat_template")
                if field is not None:
                    yield name, field.contents()


def compare(program, folders):
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"TZ": "UTC"})
    same = both = 0
    differing = {}
    count = 0
    names = set()
    for name, template in templates_in(folders):
        names.add(name)
        for conversation, turns in CONVERSATIONS.items():
            for prompt in (False, True):
                request = {"template": template, "messages": messages_of(turns), "add_generation_prompt": prompt,
                           "bos": BOS, "eos": EOS, "now": NOW}
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                got = json.loads(process.stdout.readline())
                text, why = wanted(template, turns, prompt)
                count += 1
                same += why is None and got.get("text") == text
                both += why is not None and "error" in got
                if got.get("text") != text:
                    differing.setdefault(name, []).append((conversation, prompt, why or text, got.get("error") or got.get("text")))
    for name, cases in differing.items():
        print("%s: %d differ; %r prompt %s\n  jinja2 %r\n  ours   %r" % ((name, len(cases)) + tuple(cases[0])))
    print("%d templates, %d conversations: %d with equal text, %d refused by both, %d differ in %d templates" %
          (len(names), count, same, both, count - same - both, len(differing)))
    return 1 if differing or not count else 0


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    if len(sys.argv) > 3 and sys.argv[1] == "--compare":
        sys.exit(compare(sys.argv[2], sys.argv[3:]))
    write()
