// weir manual, weir completion: made from the definitions of all commands.
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/usage.hpp"

namespace weir::cli {

void add_manual(CLI::App& program, Action& action) {
  CLI::App& manual = *program.add_subcommand("manual", "writes the manual page weir(1), for man");
  manual.callback([&program, &action] {
    action = [&program](Output& output) {
      const std::string page = manual_page(command_tree(program));
      return output.succeed(page, {{"manual", page}});
    };
  });
}

void add_completion(CLI::App& program, Action& action) {
  auto shell = std::make_shared<std::string>();
  CLI::App& command = *program.add_subcommand(
      "completion",
      "writes the script by which a shell completes weir's command lines: source <(weir completion bash)");
  command.add_option("SHELL", *shell, "which shell")->required()->check(one_of({"bash", "zsh", "fish"}));
  command.callback([&program, &action, shell] {
    action = [&program, shell](Output& output) {
      const CommandInfo tree = command_tree(program);
      const std::string script = *shell == "bash"  ? bash_completion(tree)
                                 : *shell == "zsh" ? zsh_completion(tree)
                                                   : fish_completion(tree);
      return output.succeed(script, {{"shell", *shell}, {"script", script}});
    };
  });
}

}  // namespace weir::cli
