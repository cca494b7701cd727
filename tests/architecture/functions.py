"""Finds the functions of a C or C++ file by their braces, without a compiler: enough to measure them.

Comments, texts, characters and preprocessor lines are blanked first. Then every `{` is one of: a container (namespace,
class, extern "C"), which is looked into; a function's body, which is measured to its end; an initialiser, which is skipped.
"""
import re

BLANKED = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'""",
    re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
CONTAINER = re.compile(r"^(?:inline\s+|export\s+|typedef\s+)*(?:namespace|class|struct|union|enum|extern)\b")
TEMPLATE = re.compile(r"^template\s*<")


def blank(text):
    """The text with everything that is not code made into spaces; places stay."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match[0])
    return DIRECTIVE.sub(spaces, BLANKED.sub(spaces, text))


def without_template(head):
    while TEMPLATE.match(head):
        depth, place = 0, head.index("<")
        while place < len(head):
            depth += (head[place] == "<") - (head[place] == ">")
            place += 1
            if depth == 0:
                break
        head = head[place:].lstrip()
    return head


def outside_brackets(head):
    """The head with all that stands in (), [] or {} taken out, but for the brackets."""
    depth, kept = 0, []
    for character in head:
        if character in ")]}":
            depth -= 1
        if depth == 0:
            kept.append(character)
        if character in "([{":
            depth += 1
    return "".join(kept)


def kind(head):
    """What the `{` after `head` begins: container, function or initialiser."""
    head = without_template(re.sub(r"\s+", " ", head).strip())
    if CONTAINER.match(head) and not head.endswith(")"):
        return "container"
    if head.count("(") > head.count(")"):
        return "initialiser"  # of a parameter
    bare = outside_brackets(head)
    lambda_head = re.search(r"\[\] ?\(\)[^=;]*$", bare)
    assigned = re.search(r"(?<![=!<>+\-*/|&^])=(?!=)", re.sub(r"operator ?[^\s(]+", "operator", bare))
    if assigned:
        return "function" if lambda_head else "initialiser"
    if "(" not in bare:
        return "initialiser"
    members = re.search(r"\)[^():]*(?<!:):(?!:)", bare)
    if members and re.search(r"[\w>]$", bare):
        return "initialiser"  # one of a constructor's members
    return "function"


def end_of_block(code, place):
    """The place after the `}` that closes the `{` at `place`."""
    depth = 0
    for here in range(place, len(code)):
        depth += (code[here] == "{") - (code[here] == "}")
        if depth == 0:
            return here + 1
    raise ValueError("expected as many } as {, found less")


def measure(text):
    """Returns (line of its head, lines, head) for each function that is not within another."""
    code = blank(text)
    found, begin, place = [], 0, 0
    while place < len(code):
        character = code[place]
        if character in ";}":
            begin = place + 1
        elif character == ":" and re.search(r"\b(?:public|private|protected)\s*$", code[begin:place]):
            begin = place + 1
        elif character == "{":
            head = code[begin:place]
            what = kind(head)
            if what == "container":
                begin = place + 1
            else:
                end = end_of_block(code, place)
                if what == "function":
                    start = begin + len(head) - len(head.lstrip())
                    line = code.count("\n", 0, start) + 1
                    found.append((line, code.count("\n", start, end) + 1, " ".join(text[start:place].split())[:80]))
                    begin = end
                place = end
                continue
        place += 1
    return found
