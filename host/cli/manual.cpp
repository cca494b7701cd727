#include "cli/manual.hpp"

#include <array>

#include "cli/version.hpp"

namespace weir::cli {
namespace {

struct Entry {
  const char* name;
  const char* text;
};

constexpr std::array kExitCodes = std::to_array<Entry>({
    {"0", "done: every row is accounted for"},
    {"1", "failed: the data or the world; weir doctor found a problem"},
    {"2", "the command line or the manifest is wrong"},
    {"3", "stopped: more rows were rejected than limits: allows"},
    {"4", "a plugin or component is missing, refused or does not fit"},
    {"5",
     "the ledger does not balance, or the destination holds what this pipeline did not write, or not what it wrote"},
    {"6", "weir runs verify can't tell whether the destination holds what was loaded"},
    {"130, 143", "stopped by SIGINT or SIGTERM: nothing half done is left, and it can be run again"},
});

constexpr std::array kVariables = std::to_array<Entry>({
    {"WEIR_PLUGIN_PATH", "folders of plugins, separated by colons, before all others"},
    {"WEIR_LOG", "settings of the log, as for --log, which goes before it"},
    {"XDG_STATE_HOME, HOME",
     "where state is kept: $XDG_STATE_HOME/weir, else $HOME/.local/state/weir, else .weir beside "
     "the manifest"},
    {"XDG_CONFIG_HOME",
     "where keys that are trusted are kept: $XDG_CONFIG_HOME/weir/trusted_keys.json, else ~/.config/weir"},
    {"WEIR_KEY_PASSPHRASE", "what private keys that packages are signed with are encrypted by"},
    {"XDG_CACHE_HOME",
     "where it is kept which plugins can be loaded: $XDG_CACHE_HOME/weir, else ~/.cache/weir; may be deleted"},
    {"XDG_DATA_HOME", "where a user's plugins lie: $XDG_DATA_HOME/weir/plugins, else ~/.local/share/weir/plugins"},
    {"NO_COLOR", "if it is set, no colour is used"},
    {"COLUMNS", "the width that answers are written for; else the terminal's"},
});

// Text for roff: nothing of it is a request or an escape.
std::string plain(const std::string& text) {
  std::string roff;
  for (const char letter : text) {
    switch (letter) {
      case '\\': roff += "\\e"; break;
      case '-': roff += "\\-"; break;
      case '\'': roff += "\\(aq"; break;
      case '`': roff += "\\(ga"; break;
      case '^': roff += "\\(ha"; break;
      case '~': roff += "\\(ti"; break;
      default: roff += letter;
    }
  }
  return roff.starts_with('.') ? "\\&" + roff : roff;
}

std::string bold(const std::string& text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + plain(text) + "\\fR"; }

std::string item(const std::string& head, const std::string& text) {
  return ".TP\n" + head + "\n" + plain(text) + "\n";
}

std::string option_text(const OptionInfo& option) {
  std::string head;
  for (const auto& name : option.names) head += (head.empty() ? "" : ", ") + bold(name);
  if (!option.takes.words.empty() && option.takes.words.size() < 8) {
    std::string words;
    for (const auto& word : option.takes.words) words += (words.empty() ? "" : " | ") + bold(word);
    head += " " + words;
  } else if (option.takes.any) {
    head += " " + italic(option.placeholder);
  }
  return item(head, option.description);
}

std::string synopsis(const CommandInfo& command) {
  std::string line = bold(command.path);
  if (!command.options.empty()) line += " [" + italic("options") + "]";
  for (const auto& word : command.words) {
    const std::string name = italic(word.names.front()) + (word.several ? " ..." : "");
    line += word.required ? " " + name : " [" + name + "]";
  }
  return line;
}

std::string command_text(const CommandInfo& command) {
  if (!command.commands.empty()) return {};  // those within tell themselves
  std::string text =
      ".SS " + plain(command.path) + "\n" + synopsis(command) + "\n.PP\n" + plain(command.description) + "\n";
  for (const auto& word : command.words) text += item(italic(word.names.front()), word.description);
  for (const auto& option : command.options) text += option_text(option);
  return text;
}

template <std::size_t Count>
std::string entries(const std::array<Entry, Count>& list) {
  std::string text;
  for (const auto& entry : list) text += item(bold(entry.name), entry.text);
  return text;
}

}  // namespace

std::string manual_page(const CommandInfo& tree) {
  std::string page = ".\\\" Made by weir manual from the definitions behind weir \\-\\-help.\n";
  page += std::string(".TH WEIR 1 \"\" \"weir ") + kVersion + "\" \"User Commands\"\n";
  page += ".SH NAME\nweir \\- moves data between systems\n";
  page += ".SH SYNOPSIS\n" + bold("weir") + " " + italic("command") + " [" + italic("options") + "]\n";
  page += ".SH DESCRIPTION\n" + plain(tree.description) +
          ".\nAnswers go to standard output, progress, logs and errors to standard error.\n";
  page += ".SH OPTIONS\nThese hold for every command.\n";
  for (const auto& option : tree.options) page += option_text(option);
  page += ".SH COMMANDS\n";
  for (const auto* command : all_commands(tree)) {
    if (command != &tree) page += command_text(*command);
  }
  page += ".SH EXIT STATUS\n" + entries(kExitCodes);
  page += ".SH ENVIRONMENT\n" + entries(kVariables);
  page += ".SH EXAMPLES\n";
  page += item(bold("weir run orders.yaml"), "runs a pipeline, and prints its ledger");
  page += item(bold("weir validate orders.yaml --output json"), "tells all errors of a manifest to a program");
  return page + item(bold("weir explain manifest.unknown_key"), "tells what an error's code means");
}

}  // namespace weir::cli
