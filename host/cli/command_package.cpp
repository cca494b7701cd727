// weir plugin pack, weir plugin sign, weir plugin key new
#include "cli/package_actions.hpp"
#include "cli/signing.hpp"
#include "security/small_file.hpp"
#include "security/trusted_keys.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct KeyWords {
  std::string name, expires, to = ".";
};

int new_key_command(const KeyWords& words, Output& output) {
  const auto key = security::PrivateKey::make();
  if (!key) return output.fail(key.error());
  const security::NamedKey named{key->public_key(), words.name, words.expires};
  const std::string text = security::key_text(named);
  if (const auto checked = security::parse_key(text, "the new key"); !checked) return output.fail(checked.error());
  const fs::path folder = words.to, secret = folder / (words.name + ".key"), open = folder / (words.name + ".pub");
  if (const auto written = key->write(secret, key_passphrase()); !written) return output.fail(written.error());
  security::FileProblem problem;
  if (!security::write_new_file(open, text, security::kForAll, problem)) {
    std::error_code ignored;
    fs::remove(secret, ignored);
    return output.fail(security::key_not_written(open, problem));
  }
  const std::string fingerprint = named.key.fingerprint();
  const std::string shown_secret = secret.lexically_normal().string(), shown_open = open.lexically_normal().string();
  return output.succeed(
      "fingerprint  " + fingerprint + "\n" + shown_secret + "  the private key" +
          (key_passphrase().empty() ? ", not encrypted (WEIR_KEY_PASSPHRASE would)" : ", encrypted") +
          ": keep it to yourself\n" + shown_open + "  the public key: for those who install what you sign\n",
      {{"name", words.name}, {"fingerprint", fingerprint}, {"private", shown_secret}, {"public", shown_open}});
}

}  // namespace

void add_plugin_package(CLI::App& plugin, Action& action) {
  auto pack = std::make_shared<PackWords>();
  CLI::App& packing = *plugin.add_subcommand("pack", "makes a package of what was built: one file, for all platforms");
  packing.add_option("FILE", pack->binaries, "the plugin's binary; one for each platform, all of one version")
      ->required();
  packing.add_option("--readme", pack->readme, "what users read (default: README.md)")->type_name("FILE");
  packing.add_option("--license", pack->license, "the licence's text (default: LICENSE)")->type_name("FILE");
  packing
      .add_option("--sbom", pack->bill, "a bill of materials, in JSON (default: one is made of what the binaries need)")
      ->type_name("FILE");
  packing.add_option("--to", pack->to, "the folder that the package goes to (default: this one)")->type_name("FOLDER");
  packing.callback([pack, &action] { action = package_action(&PackageActions::pack, pack); });

  auto sign = std::make_shared<SignWords>();
  CLI::App& signing = *plugin.add_subcommand("sign", "signs a package; again with another key: it has both signatures");
  signing.add_option("PACKAGE", sign->package, "the package's file")->required();
  signing.add_option("--key", sign->key, "the private key, NAME.key; its passphrase comes from WEIR_KEY_PASSPHRASE")
      ->required()
      ->type_name("FILE");
  signing.callback([sign, &action] { action = package_action(&PackageActions::sign, sign); });

  CLI::App& keys = *plugin.add_subcommand("key", "makes keys that packages are signed with");
  keys.require_subcommand(1);
  auto key = std::make_shared<KeyWords>();
  CLI::App& made =
      *keys.add_subcommand("new", "makes a key: NAME.key, which is yours, and NAME.pub, which is everybody's");
  made.add_option("NAME", key->name, "who signs: a company, a project, a person")
      ->required()
      ->check([](const std::string& name) {
        const bool plain =
            !name.empty() && name.front() != '.' && name.find('/') == std::string::npos && name.size() <= 100;
        return plain ? std::string()
                     : std::string("expected a name without a slash or a dot in front, found '" + name + "'");
      });
  made.add_option("--expires", key->expires, "the first day on which it is not believed any more (default: never)")
      ->type_name("YYYY-MM-DD")
      ->check(a_day());
  made.add_option("--to", key->to, "the folder that both go to (default: this one)")->type_name("FOLDER");
  made.callback([key, &action] { action = [key](Output& output) { return new_key_command(*key, output); }; });
}

}  // namespace weir::cli
