// CommandTree: the commands, options and what they take, read from the definitions behind --help. Completion and the
// manual are made from it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace weir::cli {

// What the value of an option or a word may be.
struct Taken {
  bool any = false;                // it takes a value
  bool file = false;               // a file's name
  std::vector<std::string> words;  // one of these; empty: any text
};

struct OptionInfo {
  std::vector<std::string> names;  // "--output", "-h"; a word of its own: "MANIFEST"
  std::string description;
  std::string placeholder;  // of its value, "FILE"; empty: it takes none
  bool required = false;
  bool several = false;  // it may be given more than once
  Taken takes;
};

struct CommandInfo {
  std::string path;  // "weir plugin list"
  std::string name;  // "list"
  std::string description;
  std::vector<OptionInfo> options;
  std::vector<OptionInfo> words;  // positional ones, in order
  std::vector<CommandInfo> commands;
};

// Reads a program's definitions. Options that hold for every command stand at the top alone.
CommandInfo command_tree(const CLI::App& program);

// All commands of a tree, the tree itself first.
std::vector<const CommandInfo*> all_commands(const CommandInfo& tree);

}  // namespace weir::cli
