#pragma once

namespace bs {

struct TemplateCase
{
    const char* source;
    const char* expected;
};

/// What Python's jinja2 3.1 makes of these (ImmutableSandboxedEnvironment, trim_blocks,
/// lstrip_blocks, transformers' tojson and raise_exception) for the messages of
/// tst_chat_template.cpp, BOS "<s>" and EOS "</s>".
inline constexpr TemplateCase kTemplateCases[] = {
    {"a  \n  {% if true %}  \n x \n  {% endif %}  \n b", "a  \n  \n x \n  \n b"},
    {"{%- if true -%}  a  {%- endif -%}", "a"},
    {"  {# c #}  \n  x\n", "  \n  x"},
    {"x {#- c -#} y", "xy"},
    {"  {%+ if true %} a {%+ endif %}", "   a "},
    {"{% if true +%}\n a\n{% endif +%}\n b", "\n a\n\n b"},
    {"a\n\n{{ 1 }}\n\nb\n\n", "a\n\n1\n\nb\n"},
    {"a\r\nb\rc\n", "a\nb\nc"},
    {"\n{{- 1 -}}\n 2", "12"},
    {"{{ 1 }} \n{{ 2 }}", "1 \n2"},
    {"{{ '%}' }}{{ \"}}\" }}", "%}}}"},
    {"{{ {\"a\": {\"b\": 1}} }}", "{'a': {'b': 1}}"},
    {"{{ [1, 2.5, true, none, \"x'y\", 'q\"'] }}", "[1, 2.5, True, None, \"x'y\", 'q\"']"},
    {"{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 * 3 }} {{ 1 - -1 }} {{"
     " 7.5 // 2 }} {{ 6 / 2 }}",
     "3 -4 2 3.5 6 2 3.0 3.0"},
    {"{{ \"a\" ~ 1 ~ none ~ true }}", "a1NoneTrue"},
    {"{{ 1 if false }}|{{ 1 if true else 2 }}", "|1"},
    {"{{ undefinedx is none }}{{ none is none }}", "FalseTrue"},
    {"{{ \"abc\"[1] }}{{ \"abc\"[-1] }}{{ \"abcdef\"[1:4] }}{{ \"abcdef\"[::-1] }}{{ "
     "\"日本語\"[1:] }}{{ \"abc\"[10] }}|",
     "bcbcdfedcba本語|"},
    {"{{ [1,2,3][1:] }} {{ [1,2,3][:-1] }} {{ [1,2,3,4,5][4:0:-2] }}", "[2, 3] [1, 2] [5, 3]"},
    {"{{ \"  x \".strip() }}|{{ \"xxaxx\".strip(\"x\") }}|{{ \"a,b,,c\".split(\",\") "
     "}}|{{ \" a b  c \".split() }}|{{ \" a b  c \".split(None, 1) }}|{{ \"a,b,c\".sp"
     "lit(\",\", 1) }}",
     "x|a|['a', 'b', '', 'c']|['a', 'b', 'c']|['a', 'b  c ']|['a', 'b,c']"},
    {"{{ \"Hello wORLD\".upper() }}{{ \"Hello wORLD\"|lower }}{{ \"hello wORLD\"|capi"
     "talize }}{{ \"éa ßb\"|upper if false }}{{ \"éÄ\"|upper }}",
     "HELLO WORLDhello worldHello worldÉÄ"},
    {"{{ \"abc\".startswith(\"ab\") }}{{ \"abc\".endswith(\"bc\") }}{{ \"abc\".starts"
     "with((\"x\",\"a\")) }}",
     "TrueTrueTrue"},
    {"{{ \"aXbX\".replace(\"X\",\"yy\") }}{{ \"aXbX\"|replace(\"X\",\"y\") }}", "ayybyyayby"},
    {"{{ messages|length }}{{ \"日本\"|length }}{{ [1]|count }}", "421"},
    {"{{ messages|tojson }}",
     "[{\"role\": \"system\", \"content\": \" sys \\n\"}, {\"role\": \"user\", \"cont"
     "ent\": \"  spaced  \"}, {\"role\": \"assistant\", \"content\": \"\\nhello\\n\"}"
     ", {\"role\": \"user\", \"content\": \"again?\"}]"},
    {"{{ messages|tojson(indent=2) }}",
     "[\n  {\n    \"role\": \"system\",\n    \"content\": \" sys \\n\"\n  },\n  {\n  "
     "  \"role\": \"user\",\n    \"content\": \"  spaced  \"\n  },\n  {\n    \"role\""
     ": \"assistant\",\n    \"content\": \"\\nhello\\n\"\n  },\n  {\n    \"role\": \""
     "user\",\n    \"content\": \"again?\"\n  }\n]"},
    {"{{ x|default(\"d\") }}{{ \"\"|default(\"d\") }}|{{ \"\"|default(\"d\", true) }}"
     "{{ x|d(1) }}",
     "d|d1"},
    {"{% for x in [1,2,3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ lo"
     "op.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem "
     "}};{% endfor %}",
     "103TrueFalse32;212FalseFalse313;321FalseTrue32;"},
    {"{% for x in [] %}a{% else %}empty{% endfor %}", "empty"},
    {"{% for x in [1,2,3,4] if x % 2 == 0 %}{{ loop.index }}:{{ x }} {% endfor %}", "1:2 2:4 "},
    {"{% for k, v in {\"a\":1,\"b\":2}.items() %}{{ k }}={{ v }} {% endfor %}", "a=1 b=2 "},
    {"{% for k in {\"a\":1,\"b\":2} %}{{ k }}{% endfor %}{{ {\"a\":1}.get(\"a\") }}{{"
     " {\"a\":1}.get(\"b\") }}{{ {\"a\":1}.get(\"b\", 3) }}{{ {\"a\":1}.a }}{{ {\"a\""
     ":1}[\"b\"] }}",
     "ab1None31"},
    {"{% set x = 1 %}{% for i in [1,2] %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}", "221"},
    {"{% set ns = namespace(x=1) %}{% for i in [1,2] %}{% set ns.x = ns.x + 1 %}{% en"
     "dfor %}{{ ns.x }}{% if true %}{% set y = 3 %}{% endif %}{{ y }}",
     "33"},
    {"{% set x %}a{{ 1 }}b{% endset %}{{ x }}{{ x|length }}", "a1b3"},
    {"{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}"
     "{% break %}{% endif %}{{ i }}{% endfor %}",
     "0134"},
    {"{{ range(3)|list }}{{ range(5, 0, -2)|list }}{{ range(1,3)|join(\"-\") }}",
     "[0, 1, 2][5, 3, 1]1-2"},
    {"{{ 1 == 1.0 }}{{ 1 == true }}{{ \"1\" == 1 }}{{ [1] == [1] }}{{ {\"a\":1} == {\""
     "a\":1} }}{{ 1 < 2 }}{{ \"a\" < \"b\" }}{{ 1 != 2 }}",
     "TrueTrueFalseTrueTrueTrueTrueTrue"},
    {"{{ 1 in [1,2] }}{{ \"a\" in \"abc\" }}{{ \"a\" not in {\"a\":1} }}{{ not 1 in ["
     "2] }}",
     "TrueTrueFalseTrue"},
    {"{{ not true or true and false }}{{ \"a\" or \"b\" }}{{ \"\" or \"b\" }}{{ \"a\""
     " and \"b\" }}",
     "Falseabb"},
    {"{{ \"x\" is string }}{{ 1 is number }}{{ 1 is integer }}{{ 1.5 is float }}{{ tr"
     "ue is boolean }}{{ [] is iterable }}{{ {} is mapping }}{{ [] is sequence }}{{ 3"
     " is odd }}{{ 3 is even }}{{ true is true }}{{ 1 is true }}{{ 3 is eq 3 }}{{ 3 i"
     "s equalto(4) }}{{ 1 is in [1] }}{{ 1 is not none }}",
     "TrueTrueTrueTrueTrueTrueTrueTrueTrueFalseTrueFalseTrueFalseTrueTrue"},
    {"{{ messages|selectattr(\"role\",\"equalto\",\"user\")|list|length }}{{ messages"
     "|rejectattr(\"role\",\"equalto\",\"user\")|map(attribute=\"role\")|join(\",\") "
     "}}{{ [\"a\",\"b\"]|map(\"upper\")|list }}",
     "2system,assistant['A', 'B']"},
    {"{{ [1,2]|first }}{{ [1,2]|last }}{{ \"abc\"|first }}{{ []|first }}{{ [3,1]|reve"
     "rse|list }}",
     "12a[1, 3]"},
    {"{{ \"3\"|int + 1 }}{{ \"x\"|int }}{{ 3.7|int }}{{ 5|string ~ \"x\" }}", "4035x"},
    {"{{ -1|string }}", "-1"},
    {"{{ 2 * -3 }}", "-6"},
    {"{{ \"a\" \"b\" }}", "ab"},
    {"{{ (\"a\") }}", "a"},
    {"{{ \"a\\tb\\u00e9\\x41\" }}", "a\tbéA"},
    {"{{ true and 1 }}{{ True }}{{ None }}{{ False }}", "1TrueNoneFalse"},
    {"{{ messages[0].role }}{{ messages[-1][\"content\"] }}{{ messages[99] }}", "systemagain?"},
    {"{{ \"a b c\"|title }}{{ \"ab cd\".title() }}", "A B CAb Cd"},
    {"{{ \"abcabc\".find(\"c\") }}{{ \"abc\".find(\"z\") }}", "2-1"},
    {"{{ [[1,2],[3]] + [[4]] }}", "[[1, 2], [3], [4]]"},
    {"{{ 1.0 }}{{ 0.1 + 0.2 }}", "1.00.30000000000000004"},
    {"{{ bos_token }}{{ eos_token }}{{ tools }}{{ documents is none }}", "<s></s>NoneTrue"},
    {"{{ tools is defined }}", "True"},
    {"{% if messages %}y{% else %}n{% endif %}{% if not messages %}n{% endif %}", "y"},
    {"{{ \"x\"|trim(\"x\") }}|{{ 5|trim }}", "|5"},
    {"{{ \"a\" if true else \"b\" ~ \"c\" }}", "a"},
    {"{{ \"x\"|upper ~ \"y\"|upper }}", "XY"},
    {"{{ not x is defined }}", "True"},
    {"{{ x is not defined and true }}", "True"},
    {"{{ messages[0][\"content\"][:3] | upper }}", " SY"},
    {"{% set x = messages | last %}{{ x.role }}", "user"},
    {"{{\"a\"}}{{-\"b\"-}}{{ \"c\" }}", "abc"},
    {"   {%- set x = 1 %}   \n   y", "   \n   y"},
    {"{% set x = 1 -%}   \n\n   y", "y"},
    {"x\n   {{ 1 }}\n", "x\n   1"},
    {"{%if true%}a{%endif%}", "a"},
    {"{% if true %}\n\n\na{% endif %}\n\n", "\n\na"},
};

} // namespace bs
