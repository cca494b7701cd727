// weir plugin pack, weir plugin sign
#include "base/units.hpp"
#include "cli/signing.hpp"
#include "packages/commands.hpp"
#include "packages/pack.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using cli::Output;
using nlohmann::ordered_json;

std::string files_text(const PackageInfo& info) {
  std::string text;
  for (const PackagedFile& file : info.files)
    text += "  " + file.path + "  " + base::format_bytes(file.bytes) +
            (file.platform ? "  for " + file.platform->text() : "") + "\n";
  return text;
}

}  // namespace

int pack_command(const cli::PackWords& words, Output& output) {
  const auto packing =
      prepare_package({{words.binaries.begin(), words.binaries.end()}, words.readme, words.license, words.bill});
  if (!packing) return output.fail(packing.error());
  const PackageInfo& info = packing->head.info;
  const fs::path path = fs::path(words.to) / package_name(info);
  if (const auto written = write_package(path, packing->head, packing->sources); !written)
    return output.fail(written.error());
  return output.succeed(path.lexically_normal().string() + "\n" + files_text(info) +
                            "not signed yet: weir plugin sign " + path.lexically_normal().string() + " --key FILE\n",
                        {{"package", path.string()}, {"plugin", ordered_json::parse(packing->head.info_text)}});
}

int sign_command(const cli::SignWords& words, Output& output) {
  const auto key = security::PrivateKey::read(words.key, cli::key_passphrase());
  if (!key) return output.fail(key.error());
  const auto head = sign_package(words.package, *key);
  if (!head) return output.fail(head.error());
  const std::string fingerprint = key->public_key().fingerprint();
  return output.succeed(title(head->info) + "  signed by " + fingerprint + "\n",
                        {{"package", words.package}, {"signer", fingerprint}, {"signatures", head->signatures.size()}});
}

}  // namespace weir::packages
