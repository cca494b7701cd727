// Each script finds out which command the words before the cursor have chosen (`at`), then offers what may follow: the
// value of the option before, an option, a command, or a word.
#include "cli/completion.hpp"

#include "cli/text.hpp"

#include <algorithm>

namespace weir::cli {
namespace {

std::vector<std::string> option_names(const CommandInfo& tree, const CommandInfo& command) {
  std::vector<std::string> names;
  for (const auto* at : {&command, &tree}) {
    for (const auto& option : at->options) names.insert(names.end(), option.names.begin(), option.names.end());
    if (&command == &tree) break;
  }
  return names;
}

// The case patterns of an option's names, at a command or, for those of the program, anywhere.
std::string option_pattern(const CommandInfo& tree, const CommandInfo& command, const OptionInfo& option) {
  std::string pattern;
  for (const auto& name : option.names) {
    pattern += pattern.empty() ? "" : "|";
    pattern += &command == &tree ? "*' " + name + "'" : "'" + command.path + " " + name + "'";
  }
  return pattern;
}

std::vector<std::string> following(const CommandInfo& command) {
  std::vector<std::string> words;
  for (const auto& inner : command.commands) words.push_back(inner.name);
  for (const auto& word : command.words) words.insert(words.end(), word.takes.words.begin(), word.takes.words.end());
  return words;
}

bool takes_files(const CommandInfo& command) {
  return std::any_of(command.words.begin(), command.words.end(), [](const auto& word) { return word.takes.file; });
}

// What the shells say differently; the rest of bash's and zsh's scripts is one.
struct Dialect {
  std::string head, tail;
  std::string (*offer)(const std::vector<std::string>& words);
  std::string files;
};

std::string offer_value(const Dialect& dialect, const Taken& takes) {
  if (takes.file) return dialect.files;
  return takes.words.empty() ? "" : dialect.offer(takes.words);
}

std::string script(const CommandInfo& tree, const Dialect& dialect) {
  const auto all = all_commands(tree);
  std::string text = dialect.head + "    case \"$at $word\" in\n";
  for (const auto* command : all) {
    if (command != &tree) text += "      '" + command->path + "') at='" + command->path + "' ;;\n";
  }
  text += "    esac\n  done\n  case \"$at $before\" in\n";
  for (const auto* command : all) {
    for (const auto& option : command->options) {
      if (!option.takes.any) continue;
      const std::string value = offer_value(dialect, option.takes);
      text +=
          "    " + option_pattern(tree, *command, option) + ") " + value + (value.empty() ? "" : "; ") + "return ;;\n";
    }
  }
  text += "  esac\n  if [[ $current == -* ]]; then\n    case \"$at\" in\n";
  for (const auto* command : all)
    text += "      '" + command->path + "') " + dialect.offer(option_names(tree, *command)) + " ;;\n";
  text += "    esac\n    return\n  fi\n  case \"$at\" in\n";
  for (const auto* command : all) {
    const auto words = following(*command);
    if (!words.empty())
      text += "    '" + command->path + "') " + dialect.offer(words) + " ;;\n";
    else if (takes_files(*command))
      text += "    '" + command->path + "') " + dialect.files + " ;;\n";
  }
  return text + "  esac\n" + dialect.tail;
}

std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "'";
}

std::string fish_option(const std::string& condition, const OptionInfo& option) {
  std::string line = "complete -c weir" + condition;
  for (const auto& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.takes.file)
    line += " -r -F";
  else if (option.takes.any)
    line += " -x";
  if (!option.takes.words.empty()) line += " -a " + fish_quoted(joined(option.takes.words, " "));
  return line + " -d " + fish_quoted(option.description) + "\n";
}

}  // namespace

std::string bash_completion(const CommandInfo& tree) {
  Dialect bash;
  bash.head = R"(# bash completion for weir, made by `weir completion bash`
_weir() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at=weir word
  COMPREPLY=()
  if [[ $current == = ]]; then  # --output=…, which bash cuts at the sign
    current=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
)";
  bash.offer = [](const std::vector<std::string>& words) {
    return "mapfile -t COMPREPLY < <(compgen -W '" + joined(words, " ") + "' -- \"$current\")";
  };
  bash.files = "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$current\")";
  bash.tail = "}\ncomplete -F _weir weir\n";
  return script(tree, bash);
}

std::string zsh_completion(const CommandInfo& tree) {
  Dialect zsh;
  zsh.head = R"(#compdef weir
# zsh completion for weir, made by `weir completion zsh`
_weir() {
  local current=${words[CURRENT]} before=${words[CURRENT-1]} at=weir word
  if [[ $current == --*=* ]]; then  # --output=…
    before=${current%%=*}
    compset -P '*='
  fi
  for word in "${(@)words[2,CURRENT-1]}"; do
)";
  zsh.offer = [](const std::vector<std::string>& words) { return "compadd -- " + joined(words, " "); };
  zsh.files = "_files";
  zsh.tail = "}\nif [[ $funcstack[1] == _weir ]]; then\n  _weir \"$@\"\nelse\n  compdef _weir weir\nfi\n";
  return script(tree, zsh);
}

std::string fish_completion(const CommandInfo& tree) {
  std::string text = R"(# fish completion for weir, made by `weir completion fish`
function __weir_at
    set -l at weir
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case )";
  for (const auto* command : all_commands(tree)) {
    if (command != &tree) text += fish_quoted(command->path) + " ";
  }
  text += R"(
                set at "$at $word"
        end
    end
    test "$at" = "$argv"
end
complete -c weir -f
)";
  for (const auto* command : all_commands(tree)) {
    const bool top = command == &tree;
    const std::string here = " -n " + fish_quoted("__weir_at " + command->path);
    for (const auto& option : command->options) text += fish_option(top ? "" : here, option);
    for (const auto& inner : command->commands)
      text += "complete -c weir" + here + " -a " + inner.name + " -d " + fish_quoted(inner.description) + "\n";
    for (const auto& word : command->words) {
      if (!word.takes.words.empty())
        text += "complete -c weir" + here + " -a " + fish_quoted(joined(word.takes.words, " ")) + "\n";
      if (word.takes.file) text += "complete -c weir" + here + " -F\n";
    }
  }
  return text;
}

}  // namespace weir::cli
