// Interpolation: a text is cut into literal stretches and ${...}; the value is put together again, and its runs with
// it.
#include "manifest/interpolate.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/units.hpp"
#include "manifest/text_parts.hpp"

namespace weir::manifest {
namespace {

using base::Error;

constexpr std::array<std::string_view, 4> kReferenceKinds{"env", "file", "secret", "param"};

// What a ${...} became.
struct Value {
  std::string text;
  bool secret = false;
};

class Interpolator {
 public:
  Interpolator(const Values& values, observe::Redactor& redactor, std::vector<Error>& errors)
      : values_(values), redactor_(redactor), errors_(errors) {}

  void visit(Node& node) {
    if (node.kind == Kind::text) expand(node);
    for (Node& item : node.items) visit(item);
    for (Member& member : node.members) visit(member.value);
  }

 private:
  void expand(Node& node) {
    if (node.text.find("${") == std::string::npos) return;
    Node out;
    bool whole = true;
    bool changed = false;
    std::size_t at = 0;
    while (at < node.text.size()) {
      const std::size_t dollar = std::min(node.text.find("${", at), node.text.size());
      const bool escaped = dollar > at && dollar < node.text.size() && node.text[dollar - 1] == '$';
      append_part(node, at, dollar - at - (escaped ? 1 : 0), out);
      if (dollar == node.text.size()) break;
      if (escaped) {
        append_part(node, dollar, 2, out);
        at = dollar + 2;
        continue;
      }
      const std::size_t close = node.text.find('}', dollar);
      const std::size_t end = close == std::string::npos ? node.text.size() : close + 1;
      changed = true;
      whole = put(node, dollar, end, out) && whole;
      at = end;
    }
    if (!whole) return;
    node.text = std::move(out.text);
    node.runs = std::move(out.runs);
    node.secret = out.secret;
    node.interpolated = changed;
  }

  // Appends what the ${...} at [from, end) stands for; false: an error was told.
  bool put(const Node& node, std::size_t from, std::size_t end, Node& out) {
    const Where where = where_of_part(node, from, end - from);
    if (node.text[end - 1] != '}') {
      return fail(where, "expected '}' after '${', found the end of the text", "write $${ for a ${ that means itself");
    }
    const std::string_view inside = std::string_view(node.text).substr(from + 2, end - from - 3);
    Value value;
    if (!resolve(inside, where, value)) return false;
    append_value(where, value.text, out);
    out.secret = out.secret || value.secret;
    return true;
  }

  bool fail(const Where& where, std::string message, std::string hint) {
    Error error = base::manifest_error("manifest.interpolation", std::move(message), where.place());
    error.hint = std::move(hint);
    errors_.push_back(std::move(error));
    return false;
  }

  bool resolve(std::string_view inside, const Where& where, Value& value) {
    const std::size_t colon = inside.find(':');
    const std::string kind(inside.substr(0, colon));
    const std::string rest(colon == std::string_view::npos ? "" : inside.substr(colon + 1));
    if (std::find(kReferenceKinds.begin(), kReferenceKinds.end(), kind) == kReferenceKinds.end() ||
        colon == std::string_view::npos) {
      const std::string near = base::nearest(kind, {kReferenceKinds.begin(), kReferenceKinds.end()});
      const bool bare = colon == std::string_view::npos && !kind.empty();
      return fail(
          where, "expected env:, file:, secret: or param: in ${...}, found '" + kind.substr(0, 60) + "'",
          bare ? "write ${env:" + kind.substr(0, 60) + "} for an environment variable, $${ for a ${ that means itself"
          : near.empty() ? "write $${ for a ${ that means itself"
                         : "did you mean '" + near + "'?");
    }
    if (rest.empty())
      return fail(where, "expected a name after '" + kind + ":', found none", "write ${" + kind + ":NAME}");
    if (kind == "env") return from_environment(rest, where, value);
    if (kind == "file") return from_file(rest, where, value);
    if (kind == "secret") return from_secret(rest, where, value);
    return from_parameter(rest, where, value);
  }

  std::optional<std::string> look_up(const std::string& name) const {
    if (values_.environment) return values_.environment(name);
    const char* const found = std::getenv(name.c_str());
    return found ? std::optional<std::string>(found) : std::nullopt;
  }

  // Checks what came from outside: UTF-8, no NUL, not too long.
  bool accept(const std::string& what, std::optional<std::string> found, const Where& where, Value& value) {
    if (!found) return false;
    const auto checked = make_source(what, *found);
    if (!checked) return fail(where, what + ": " + checked.error().message, "give plain text in UTF-8");
    value.text = std::move(*found);
    return true;
  }

  bool from_environment(const std::string& rest, const Where& where, Value& value) {
    const std::size_t mark = rest.find(":-");
    const std::string name = rest.substr(0, mark);
    std::optional<std::string> found = look_up(name);
    if (mark != std::string::npos && (!found || found->empty())) found = rest.substr(mark + 2);
    if (found) return accept("environment variable '" + name + "'", std::move(found), where, value);
    return fail(where, "environment variable '" + name + "' is not set",
                "set it, or give a default: ${env:" + name + ":-default}");
  }

  bool from_parameter(const std::string& name, const Where& where, Value& value) {
    const auto found = values_.parameters.find(name);
    if (found != values_.parameters.end()) return accept("parameter '" + name + "'", found->second, where, value);
    std::vector<std::string> given;
    given.reserve(values_.parameters.size());
    for (const auto& [key, text] : values_.parameters) given.push_back(key);
    const std::string near = base::nearest(name, given);
    return fail(where, "parameter '" + name + "' is not given",
                "give it with --param " + name + "=VALUE" + (near.empty() ? "" : " (given is '" + near + "')"));
  }

  bool from_secret(const std::string& rest, const Where& where, Value& value) {
    const std::size_t slash = rest.find('/');
    const std::string provider = rest.substr(0, slash);
    if (slash == std::string::npos || slash + 1 == rest.size()) {
      return fail(where, "expected PROVIDER/KEY after 'secret:', found '" + rest + "'", "write ${secret:env/NAME}");
    }
    const std::string key = rest.substr(slash + 1);
    std::optional<std::string> found =
        provider == "env" ? secret_of_environment(key, where) : ask(provider, key, where);
    if (!found) return false;
    redactor_.add(*found);
    value.secret = true;
    return accept("secret '" + rest + "'", std::move(found), where, value);
  }

  std::optional<std::string> secret_of_environment(const std::string& name, const Where& where) {
    std::optional<std::string> found = look_up(name);
    if (!found)
      fail(where, "secret 'env/" + name + "' is missing: environment variable '" + name + "' is not set", "set it");
    return found;
  }

  std::optional<std::string> ask(const std::string& provider, const std::string& key, const Where& where) {
    const auto& all = values_.providers;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == provider; });
    if (found == all.end()) {
      const auto& told = values_.unusable;
      if (std::find(told.begin(), told.end(), provider) != told.end()) return std::nullopt;
      std::vector<std::string> names{"env"};
      for (const SecretProvider& one : all) names.push_back(one.name);
      const std::string near = base::nearest(provider, names);
      fail(where, "unknown secret provider '" + provider + "'",
           near.empty() ? "add it under secrets:, or use the built-in one: ${secret:env/NAME}"
                        : "did you mean '" + near + "'?");
      return std::nullopt;
    }
    auto secret = values_.ask ? values_.ask(*found, key) : base::Result<std::string>(base::unexpected(not_asked()));
    if (secret) return std::move(*secret);
    Error error = std::move(secret).error();
    error.message = "secret '" + provider + "/" + key + "': " + error.message;
    error.place = where.place();
    errors_.push_back(std::move(error));
    return std::nullopt;
  }

  static Error not_asked() {
    return base::manifest_error("manifest.secrets", "expected somebody who asks secret providers, found nobody")
        .with_hint("only ${secret:env/NAME} is known where a manifest is read without running it");
  }

  bool from_file(const std::string& rest, const Where& where, Value& value) {
    std::filesystem::path path = rest;
    if (rest.starts_with("~/")) {
      const auto home = look_up("HOME");
      if (!home)
        return fail(where, "expected a home folder for '~', found that HOME is not set", "write the whole path");
      path = std::filesystem::path(*home) / rest.substr(2);
    }
    const auto source = read_source((where.folder_or(values_.folder) / path).string());
    if (!source) {
      const Error& why = source.error();  // its message begins with the path as it was opened, or has it as its place
      const std::size_t colon = why.place.known() ? std::string::npos : why.message.rfind(": ");
      const std::string reason = colon == std::string::npos ? why.message : why.message.substr(colon + 2);
      return fail(where, "file '" + rest + "': " + reason,
                  "paths start at the folder of the file that they are written in");
    }
    value.text = (*source)->text();
    if (value.text.ends_with('\n')) value.text.pop_back();
    if (value.text.ends_with('\r')) value.text.pop_back();
    return true;
  }

  const Values& values_;
  observe::Redactor& redactor_;
  std::vector<Error>& errors_;
};

}  // namespace

std::vector<Error> interpolate(Node& tree, const Values& values, observe::Redactor& redactor) {
  std::vector<Error> errors;
  Interpolator(values, redactor, errors).visit(tree);
  return errors;
}

}  // namespace weir::manifest
