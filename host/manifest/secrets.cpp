#include "manifest/secrets.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/units.hpp"

namespace weir::manifest {
namespace {

const std::vector<std::string> kStoreKinds{"file", "exec"};

bool is_name(const std::string& name) {
  static constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kLetters) == std::string::npos;
}

class ProviderReader {
 public:
  ProviderReader(const std::filesystem::path& folder, Errors& errors) : folder_(folder), errors_(errors) {}

  std::optional<SecretProvider> read(const Member& member) {
    const std::string what = "secrets: " + member.key;
    const std::size_t before = errors_.size();
    if (member.key == "env" || !is_name(member.key)) {
      errors_.push_back(base::manifest_error("manifest.secrets",
                                             member.key == "env"
                                                 ? "secrets: 'env' is built in"
                                                 : "secrets: expected a name of 1 to 64 letters, digits, "
                                                   "'_' or '-', found '" +
                                                       member.key.substr(0, 80) + "'",
                                             member.key_where.place())
                            .with_hint("give it another name"));
    }
    SecretProvider provider;
    provider.name = member.key;
    const Node* const kind = member.value.find("use");
    const bool runs = kind != nullptr && kind->text == "exec";
    Fields fields(member.value, runs ? "exec_provider" : "file_provider", what, errors_);
    if (member.value.kind != Kind::object) return std::nullopt;
    const auto use = fields.text("use");
    if (use && *use == "file") {
      read_folder(fields, what, member.value, provider);
    } else if (use && *use == "exec") {
      read_command(fields, what, member.value, provider);
    } else {
      if (use || fields.get("use") == nullptr) refuse_use(fields.get("use"), what, member.value);
      return std::nullopt;  // whose options the others are is not known
    }
    fields.refuse_unknown();
    return errors_.size() == before ? std::optional(std::move(provider)) : std::nullopt;
  }

 private:
  void refuse_use(const Node* use, const std::string& what, const Node& object) {
    if (use == nullptr) {
      errors_.push_back(base::manifest_error("manifest.secrets", what + ": expected 'use', found none", object.place())
                            .with_hint("write { use: exec, command: [PROGRAM] } or { use: file, folder: FOLDER }"));
      return;
    }
    const std::string near = base::nearest(use->text, kStoreKinds);
    errors_.push_back(
        wrong_value(*use, what, "use", "file or exec")
            .with_hint(near.empty() ? "'env' is built in: ${secret:env/NAME}" : "did you mean '" + near + "'?"));
  }

  void read_folder(Fields& fields, const std::string& what, const Node& object, SecretProvider& provider) {
    provider.kind = SecretProvider::Kind::file;
    const auto folder = fields.text("folder");
    if (folder) {
      provider.folder = (fields.get("folder")->where.folder_or(folder_) / *folder).lexically_normal();
    } else if (fields.get("folder") == nullptr) {
      errors_.push_back(
          base::manifest_error("manifest.secrets", what + ": expected 'folder', found none", object.place())
              .with_hint("add folder:, in which each secret is a file"));
    }
  }

  void read_command(Fields& fields, const std::string& what, const Node& object, SecretProvider& provider) {
    provider.kind = SecretProvider::Kind::exec;
    provider.folder = object.where.folder_or(folder_);
    provider.timeout_ns = fields.duration_ns("timeout").value_or(provider.timeout_ns);
    if (provider.timeout_ns <= 0)
      errors_.push_back(wrong_value(*fields.get("timeout"), what, "timeout", "more than 0"));
    const Node* const command = fields.get("command");
    if (command == nullptr || command->kind != Kind::array || command->items.empty()) {
      const Node& at = command == nullptr ? object : *command;
      errors_.push_back(
          base::manifest_error("manifest.secrets",
                               what + ": expected 'command', a list of a program and its arguments, found " +
                                   (command == nullptr ? "none" : describe(at)),
                               at.place())
              .with_hint("write command: [my-vault, get]; the key becomes its last argument, no shell is used"));
      return;
    }
    for (const Node& word : command->items) {
      if (const auto text = read_text(word, what, "command", errors_)) provider.command.push_back(*text);
    }
    if (command->items.front().kind == Kind::text && command->items.front().text.empty())
      errors_.push_back(wrong_value(command->items.front(), what, "command", "a program"));
  }

  const std::filesystem::path& folder_;
  Errors& errors_;
};

}  // namespace

std::vector<SecretProvider> read_secrets(const Node& node, const std::filesystem::path& folder, Errors& errors) {
  std::vector<SecretProvider> providers;
  if (!given(&node)) return providers;
  if (node.kind != Kind::object) {
    errors.push_back(wrong_value(node, "secrets", "", "an object of names and providers"));
    return providers;
  }
  ProviderReader reader(folder, errors);
  for (const Member& member : node.members) {
    if (auto provider = reader.read(member)) providers.push_back(std::move(*provider));
  }
  return providers;
}

}  // namespace weir::manifest
