// The host's own part of a manifest: which keys there are, and what stands in them.
#include "manifest/manifest.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "base/units.hpp"
#include "manifest/cases.hpp"
#include "manifest/chain.hpp"
#include "manifest/connections.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/network.hpp"
#include "manifest/notices.hpp"
#include "manifest/reader.hpp"
#include "manifest/scalar.hpp"
#include "manifest/stream_reader.hpp"
#include "manifest/use.hpp"

namespace weir::manifest {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kLongestName = 128;

// Calls that fail to their last attempt, until a connection is left alone: one alone is no reason.
constexpr std::uint64_t kCallsOfABreaker = 2;
constexpr std::uint64_t kMostAttempts = 1'000'000;  // of those: more are no other number

// Keys that were dealt with when the tree was put together; what is left of them is wrong, and told.
constexpr std::array<std::string_view, 5> kLayers{"include", "profiles", "secrets", "defaults", "pipelines"};
// Keys that a run may pass over: for editors and people. So are those that begin with "x-", a place for YAML's anchors.
constexpr std::array<std::string_view, 2> kPassedOver{"$schema", "description"};

class ManifestReader {
 public:
  ManifestReader(Manifest& manifest, Errors& errors) : manifest_(manifest), errors_(errors) {}

  void read(const Node& tree) {
    if (tree.kind == Kind::null)
      return fail("manifest.empty", "expected a manifest, found nothing", top(tree), "begin it with weir: 1");
    Fields fields(tree, "manifest", "", errors_);
    if (tree.kind != Kind::object) return;
    read_version(fields.get("weir"), tree);
    read_name(fields);
    read_plugins(fields.get("plugins"));
    if (const Node* const node = fields.get("connections")) manifest_.connections = read_connections(*node, errors_);
    read_chain(fields, tree, manifest_, errors_);
    read_streams(tree, fields.get("streams"), manifest_, errors_);
    if (const Node* const node = fields.get("backfill")) read_backfill(*node, manifest_, errors_);
    if (const Node* const node = fields.get("checkpoint")) read_checkpoint(*node);
    if (const Node* const node = fields.get("retry"))
      read_retry(*node);
    else
      manifest_.retry.breaker_failures = kCallsOfABreaker * manifest_.retry.attempts;
    if (const Node* const node = fields.get("deadlines")) read_deadlines(*node);
    if (const Node* const node = fields.get("limits")) read_limits(*node);
    if (const Node* const node = fields.get("state")) read_state(*node);
    if (const Node* const node = fields.get("times")) read_times(*node);
    if (const Node* const node = fields.get("drift")) read_drift(*node);
    if (const Node* const node = fields.get("network")) read_network(*node, manifest_.folder, errors_);
    if (const Node* const node = fields.get("on"))
      read_notices(*node, manifest_.folder, errors_);  // again by who gives them
    if (const Node* const node = fields.get("tests")) manifest_.cases = read_cases(*node, errors_);
    for (const std::string_view key : kLayers) fields.get(key);
    pass_over(fields, tree);
    fields.refuse_unknown();
    name_links(manifest_, errors_);
    join_connections(manifest_, errors_);
  }

 private:
  void fail(std::string code, std::string message, const Where& where, std::string hint = {}) {
    base::Error error = base::manifest_error(std::move(code), std::move(message), where.place());
    error.hint = std::move(hint);
    errors_.push_back(std::move(error));
  }

  void later(const std::string& what, const Where& where) {
    fail("manifest.not_yet", what + " is not supported yet", where, "take it away, or wait for a later weir");
    errors_.back().status = base::Status::unimplemented;
  }

  // Keys that are no part of the run.
  void pass_over(Fields& fields, const Node& tree) {
    for (const std::string_view key : kPassedOver) fields.pass_over(key);
    for (const Member& member : tree.members) {
      if (member.key.starts_with("x-")) fields.pass_over(member.key);
    }
  }

  // Where it begins: the file, or a pipeline's name in it.
  static Where top(const Node& tree) { return {tree.where.source, tree.where.offset, 1}; }

  void read_version(const Node* node, const Node& tree) {
    if (!node)
      return fail("manifest.version", "expected 'weir: 1', the manifest's version, found none", top(tree),
                  "begin the manifest with weir: 1");
    if (node->kind == Kind::integer && node->integer == kVersion) return;
    fail("manifest.version", "expected manifest version 1, found " + describe(*node), node->where,
         node->kind == Kind::integer && node->integer > kVersion ? "a newer weir may read it" : "write weir: 1");
  }

  void read_name(Fields& fields) {
    const Node* const node = fields.get("name");
    if (!node) {
      const std::string file = std::filesystem::path(manifest_.file).filename().string();
      manifest_.name = file.substr(0, std::max<std::size_t>(file.find('.', 1), 1)).substr(0, kLongestName);
      return;
    }
    const auto name = fields.text("name");
    if (!name) return;
    manifest_.name = *name;
    const bool steering =
        std::any_of(name->begin(), name->end(), [](char one) { return static_cast<unsigned char>(one) < 0x20; });
    if (name->empty() || name->size() > kLongestName || steering) {
      errors_.push_back(wrong_value(*node, "", "name", "a text of 1 to 128 bytes on one line"));
    }
  }

  void read_plugins(const Node* node) {
    if (!node) return;
    if (node->kind != Kind::object)
      return errors_.push_back(wrong_value(*node, "plugins", "", "an object of plugins and versions"));
    for (const Member& member : node->members) {
      Requirement requirement{member.key, {}, member.key_where};
      const std::string what = "plugins: " + member.key;
      if (member.value.kind == Kind::object) {
        Fields fields(member.value, "requirement", what, errors_);
        if (const Node* const version = fields.get("version")) read_range(*version, what, requirement);
        check_isolation(fields, what);
        fields.pass_over("allow");
        if (const Member* const found = member.value.member("allow"); found && given(&found->value))
          later("'allow' of a plugin", found->key_where);
        fields.refuse_unknown();
      } else if (given(&member.value)) {
        read_range(member.value, what, requirement);
      }
      manifest_.plugins.push_back(std::move(requirement));
    }
  }

  // Plugins run in this process yet: what is said of it is only looked at by whoever loads one that must be allowed to.
  void check_isolation(Fields& fields, const std::string& what) {
    const auto isolation = fields.text("isolation");
    if (!isolation || *isolation == "none") return;
    const Node& node = *fields.get("isolation");
    if (*isolation == "process") return later("isolation: process", node.where);
    errors_.push_back(wrong_value(node, what, "isolation", "none"));
  }

  void read_range(const Node& node, const std::string& what, Requirement& requirement) {
    requirement.where = node.where;
    const auto text = read_text(node, what, "version", errors_);
    if (!text) return;
    auto range = base::parse_version_range(*text);
    if (range) {
      requirement.versions = std::move(*range);
      return;
    }
    base::Error error = std::move(range).error();
    error.message = what + ": " + error.message;
    error.place = node.place();
    errors_.push_back(std::move(error));
  }

  void read_checkpoint(const Node& node) {
    Checkpoint& checkpoint = manifest_.checkpoint;
    checkpoint.where = node.where;
    Fields fields(node, "checkpoint", "checkpoint", errors_);
    checkpoint.every_ns = fields.duration_ns("every");
    checkpoint.rows = fields.count("rows");
    checkpoint.bytes = fields.size_bytes("bytes");
    refuse_zero(fields.get("every"), checkpoint.every_ns && *checkpoint.every_ns == 0, "checkpoint", "every");
    refuse_zero(fields.get("rows"), checkpoint.rows && *checkpoint.rows == 0, "checkpoint", "rows");
    refuse_zero(fields.get("bytes"), checkpoint.bytes && *checkpoint.bytes == 0, "checkpoint", "bytes");
    fields.refuse_unknown();
  }

  void refuse_zero(const Node* node, bool zero, const char* what, const char* key) {
    if (node && zero) errors_.push_back(wrong_value(*node, what, key, "more than 0"));
  }

  void read_retry(const Node& node) {
    Retry& retry = manifest_.retry;
    retry.where = node.where;
    retry.given = true;
    Fields fields(node, "retry", "retry", errors_);
    retry.attempts = fields.count("attempts").value_or(retry.attempts);
    refuse_zero(fields.get("attempts"), retry.attempts == 0, "retry", "attempts");
    if (const Node* const backoff = fields.get("backoff")) {
      Fields inner(*backoff, "backoff", "retry: backoff", errors_);
      retry.first_ns = inner.duration_ns("first").value_or(retry.first_ns);
      retry.max_ns = inner.duration_ns("max").value_or(std::max(retry.max_ns, retry.first_ns));
      if (retry.max_ns < retry.first_ns) {
        errors_.push_back(wrong_value(*inner.get("max"), "retry: backoff", "max", "at least what 'first' says"));
      }
      inner.refuse_unknown();
    }
    retry.budget = fields.count("budget").value_or(retry.budget);
    retry.breaker_failures = kCallsOfABreaker * std::min(retry.attempts, kMostAttempts);
    if (const Node* const breaker = fields.get("breaker")) {
      Fields inner(*breaker, "breaker", "retry: breaker", errors_);
      retry.breaker_failures = inner.count("failures").value_or(retry.breaker_failures);
      retry.breaker_pause_ns = inner.duration_ns("pause").value_or(retry.breaker_pause_ns);
      refuse_zero(inner.get("pause"), retry.breaker_pause_ns == 0, "retry: breaker", "pause");
      inner.refuse_unknown();
    }
    fields.refuse_unknown();
  }

  void read_deadlines(const Node& node) {
    Deadlines& deadlines = manifest_.deadlines;
    Fields fields(node, "deadlines", "deadlines", errors_);
    const auto read = [&](const char* key, std::int64_t& limit_ns) {
      const Node* const said = fields.get(key);
      if (said == nullptr) return;
      const bool off = said->kind == Kind::text ? said->text == "off" : said->kind == Kind::boolean && !said->boolean;
      limit_ns = off ? Deadlines::kNever : fields.duration_ns(key).value_or(limit_ns);
      refuse_zero(said, limit_ns == 0, "deadlines", key);
    };
    deadlines.call_given = fields.get("call") != nullptr;
    read("call", deadlines.call_ns);
    read("cancel", deadlines.cancel_ns);
    read("stalled", deadlines.stalled_ns);
    read("exit", deadlines.exit_ns);
    fields.refuse_unknown();
  }

  void read_limits(const Node& node) {
    Limits& limits = manifest_.limits;
    limits.where = node.where;
    Fields fields(node, "limits", "limits", errors_);
    if (const Node* const rejects = fields.get("rejects")) {
      limits.where = rejects->where;
      read_reject_limit(*rejects);
    }
    limits.sample = fields.count("sample").value_or(limits.sample);
    fields.refuse_unknown();
  }

  // A count, or a share: 1%.
  void read_reject_limit(const Node& node) {
    if (node.kind == Kind::integer && node.integer >= 0) {
      manifest_.limits.rejects = static_cast<std::uint64_t>(node.integer);
      return;
    }
    Node share;
    share.text = node.text;
    if (node.kind == Kind::text && share.text.ends_with('%')) {
      share.text.pop_back();
      resolve_plain(share);
      const bool number = share.kind == Kind::integer || share.kind == Kind::number;
      if (number && share.number >= 0 && share.number <= 100) {
        manifest_.limits.rejects_share = share.number / 100;
        return;
      }
    }
    errors_.push_back(wrong_value(node, "limits", "rejects", "a count of rows or a share, such as 100 or 1%"));
  }

  void read_state(const Node& node) {
    Fields fields(node, "state", "state", errors_);
    if (const Node* const keep = fields.get("keep")) {
      Fields kept(*keep, "keep", "state: keep", errors_);
      manifest_.keep = {kept.count("runs"), kept.count("days")};
      kept.refuse_unknown();
    }
    if (const Node* const store = fields.get("store")) {
      manifest_.store = read_use(*store, "state: store", errors_);
      manifest_.store->link = "state";
      join_connection(*manifest_.store, manifest_.connections, errors_);
      for (const std::string& key : composition_keys()) {
        if (const Member* const member = manifest_.store->options.member(key); member != nullptr)
          fail("manifest.side", "state: store: option '" + key + "' belongs to rows that are read or written",
               member->key_where, "take it away: state is no rows");
      }
    }
    fields.refuse_unknown();
  }

  // Whether there is such a zone is asked by who reads times.
  void read_times(const Node& node) {
    static constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-+/";
    Fields fields(node, "times", "times", errors_);
    const auto zone = fields.text("naive");
    fields.refuse_unknown();
    if (zone && (zone->empty() || zone->find_first_not_of(kLetters) != std::string::npos)) {
      errors_.push_back(wrong_value(*fields.get("naive"), "times", "naive", "the name of a time zone")
                            .with_hint("write one of the IANA's names, such as Europe/Rome or UTC"));
    }
    manifest_.times = node;
  }

  void read_drift(const Node& node) {
    Fields fields(node, "drift", "drift", errors_);
    const auto one_of = [&](const std::string& key, std::initializer_list<std::string_view> words) {
      const auto word = fields.text(key);
      if (!word || std::find(words.begin(), words.end(), *word) != words.end()) return;
      std::string all;
      for (const auto* known = words.begin(); known != words.end(); ++known)
        all += (all.empty() ? "" : known + 1 == words.end() ? " or " : ", ") + std::string(*known);
      errors_.push_back(wrong_value(*fields.get(key), "drift", key, all));
    };
    one_of("columns", {"evolve", "freeze", "reject", "ignore"});
    one_of("types", {"widen", "freeze", "reject", "ignore"});
    one_of("tables", {"evolve", "freeze"});
    one_of("loss", {"ask", "allow"});
    fields.refuse_unknown();
    manifest_.drift = node;
  }

  Manifest& manifest_;
  Errors& errors_;
};

}  // namespace

void read_manifest(const Node& tree, Manifest& manifest, Errors& errors) {
  ManifestReader(manifest, errors).read(tree);
}

}  // namespace weir::manifest
