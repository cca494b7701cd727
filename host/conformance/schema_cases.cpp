// Cases of what a component says of itself: its schema, its examples, its traits.
#include <algorithm>
#include <functional>

#include "conformance/lived.hpp"
#include "manifest/schema.hpp"

namespace weir::conformance {
namespace {

using Json = nlohmann::ordered_json;

// Each option of a schema, those within options too, with its path.
void each_option(const Json& schema, const std::string& path,
                 const std::function<void(const std::string&, const Json&)>& use) {
  if (!schema.is_object()) return;
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, option] : properties.items()) {
    const std::string here = path + name;
    use(here, option);
    each_option(option, here + ".", use);
    for (const char* const inner : {"items", "additionalProperties"}) {
      if (option.is_object() && option.contains(inner)) each_option(option[inner], here + ".", use);
    }
  }
}

// The first option that is wrong.
Step no_option(Subject& subject, const std::function<std::string(const Json& option)>& wrong) {
  Step verdict;
  each_option(subject.component().schema, "", [&](const std::string& name, const Json& option) {
    const std::string problem = option.is_object() ? wrong(option) : std::string("has no schema");
    if (verdict && !problem.empty()) verdict = fail("option '" + name + "' " + problem);
  });
  return verdict;
}

Step schema_valid(Subject& subject) {
  const manifest::Json schema = subject.component().schema;
  if (!schema.is_object()) return fail("it has no schema");
  const auto verdict = manifest::judge(schema, manifest::Json::object());
  if (!verdict) return fail("its schema can't be understood: " + verdict.error().message);
  return no_option(subject, [](const Json& option) -> std::string {
    static constexpr std::string_view kTypes[] = {"string", "integer", "number", "boolean", "array", "object", "null"};
    const Json type = option.value("type", Json());
    const Json types = type.is_array() ? type : type.is_null() ? Json::array() : Json::array({type});
    for (const auto& one : types) {
      const bool known = one.is_string() &&
                         std::find(std::begin(kTypes), std::end(kTypes), one.get<std::string>()) != std::end(kTypes);
      if (!known) return "is of a type that JSON Schema does not have: " + one.dump();
    }
    return {};
  });
}

Step schema_closed(Subject& subject) {
  const Json& schema = subject.component().schema;
  if (schema.is_object() && schema.value("type", "") == "object" && schema.contains("additionalProperties")) return {};
  return fail("its schema is no closed object: a misspelt option passes unseen");
}

Step options_described(Subject& subject) {
  return no_option(subject, [](const Json& option) {
    return option.value("description", "").empty() ? std::string("has no description") : std::string();
  });
}

Step options_have_examples(Subject& subject) {
  return no_option(subject, [](const Json& option) {
    return option.value("examples", Json::array()).empty() ? std::string("has no example") : std::string();
  });
}

// Whether the option's own schema takes each of these values. References go to the whole schema.
std::string refused_value(const Json& whole, Json option, const Json& values, const std::string& what) {
  if (option.dump().find("\"$ref\":\"#/properties") != std::string::npos) return {};  // of a schema around it
  if (whole.contains("definitions")) option["definitions"] = whole["definitions"];
  for (const auto& value : values) {
    const auto verdict = manifest::judge(manifest::Json(option), manifest::Json(value));
    if (verdict && !verdict->accepted) return "has " + what + " that it refuses: " + value.dump();
  }
  return {};
}

Step examples_accepted(Subject& subject) {
  const Json& whole = subject.component().schema;
  return no_option(subject, [&](const Json& option) {
    return refused_value(whole, option, option.value("examples", Json::array()), "an example");
  });
}

Step defaults_accepted(Subject& subject) {
  const Json& whole = subject.component().schema;
  return no_option(subject, [&](const Json& option) {
    return option.contains("default") ? refused_value(whole, option, Json::array({option["default"]}), "a default")
                                      : std::string();
  });
}

Step required_exist(Subject& subject) {
  const Json& schema = subject.component().schema;
  for (const auto& name : schema.value("required", Json::array())) {
    if (!schema.value("properties", Json::object()).contains(name.get<std::string>()))
      return fail("option " + name.dump() + " is required, and is none of its options");
  }
  return {};
}

Step summary_said(Subject& subject) {
  const auto& component = subject.component();
  if (component.summary.empty() || component.description.empty()) return fail("it has no summary, or no description");
  if (component.summary.find('\n') != std::string::npos) return fail("its summary has several lines");
  return {};
}

Step secrets_marked(Subject& subject) {
  Step verdict;
  each_option(subject.component().schema, "", [&](const std::string& name, const Json& option) {
    static constexpr std::string_view kSecret[] = {"password", "secret", "token", "passphrase", "private_key"};
    const std::string last = name.substr(name.rfind('.') + 1);
    const bool secret = std::find(std::begin(kSecret), std::end(kSecret), last) != std::end(kSecret);
    if (verdict && secret && option.value("type", "") == "string" && !option.value("writeOnly", false))
      verdict = fail("option '" + name + "' is not marked as a secret");
  });
  return verdict;
}

Step about_same(Subject& subject) {
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const Json about = Json::parse(std::string_view(described->about.data, described->about.length), nullptr, false);
  const Json said = Json::parse(subject.component().about, nullptr, false);
  for (const char* const part : {"summary", "schema"}) {
    // The order of members is no matter.
    if (!about.is_object() || nlohmann::json(about.value(part, Json())) != nlohmann::json(said.value(part, Json())))
      return fail(std::string("the ") + part + " in its descriptor is another than in its file");
  }
  return {};
}

Step sample_works(Subject& subject) {
  const auto sample = subject.sample();
  if (!sample) return fail(sample.error().message);
  Session session(subject, {});
  const Step lived = session.live();
  return lived ? Step() : fail(lived.error().message);
}

// Options of the wrong shapes, as no host would let through its schema: they may be refused, they may not be trusted.
Step hostile_options(Subject& subject) {
  WEIR_TRY_ASSIGN(const Sample* sample, subject.sample());
  const std::string long_text(1U << 16U, 'x');
  for (const auto& [name, value] : sample->options.items()) {
    for (const Json& other : {Json(""), Json(long_text), Json("%s%n\x01"), Json("\xEF\xBF\xBD../../..")}) {
      if (!value.is_string()) continue;
      Knobs knobs;
      knobs.options = sample->options;
      (*knobs.options)[name] = other;
      Session session(subject, std::move(knobs));
      static_cast<void>(session.live());
    }
  }
  const Json properties = subject.component().schema.value("properties", Json::object());
  for (const auto& [name, option] : properties.items()) {
    for (const auto& example : option.value("examples", Json::array())) {
      Knobs knobs;
      knobs.options = sample->options;
      (*knobs.options)[name] = example;
      Session session(subject, std::move(knobs));
      static_cast<void>(session.live());
    }
  }
  return {};
}

constexpr Kinds kWithTraits = kExtractor | kTransformer | kLoader;

base::Result<weir_traits> traits_now(Subject& subject) {
  Knobs knobs;
  knobs.end_after = 1;  // traits() alone
  Session session(subject, std::move(knobs));
  WEIR_TRY(session.live());
  return session.traits();
}

Step traits_pure(Subject& subject) {
  WEIR_TRY_ASSIGN(const weir_traits first, traits_now(subject));
  WEIR_TRY_ASSIGN(const weir_traits second, traits_now(subject));
  return std::memcmp(&first, &second, sizeof first) == 0 ? Step()
                                                         : fail("traits() gave another answer for the same options");
}

Step traits_known(Subject& subject) {
  WEIR_TRY_ASSIGN(const weir_traits traits, traits_now(subject));
  const auto flag = [](std::int32_t value) { return value == 0 || value == 1; };
  const auto within = [](std::int32_t value, std::int32_t most) { return value >= 0 && value <= most; };
  if (within(traits.scope, WEIR_SCOPE_RUN) && within(traits.rows, WEIR_ROWS_MERGE) &&
      within(traits.replay, WEIR_REPLAY_EXACT) && within(traits.commit, WEIR_COMMIT_ATOMIC | WEIR_COMMIT_TWO_PHASE) &&
      flag(traits.ordered) && flag(traits.keeps_rows) && flag(traits.takes_selection) && flag(traits.many_inputs) &&
      flag(traits.many_outputs))
    return {};
  return fail("traits() told a value that the header does not have");
}

Step traits_kept(Subject& subject) {
  WEIR_TRY_ASSIGN(const weir_traits traits, traits_now(subject));
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const auto& loader = *static_cast<const weir_loader*>(described->table);
  const weir_committer* committer = loader.committer;
  if ((traits.commit & WEIR_COMMIT_ATOMIC) != 0 &&
      (!WEIR_CAN(loader.writer, commit) || committer == nullptr || !WEIR_CAN(committer, last_committed)))
    return fail("traits() promises ATOMIC, and there is no commit() of the writer, or no last_committed()");
  if ((traits.commit & WEIR_COMMIT_TWO_PHASE) != 0 &&
      (committer == nullptr || !WEIR_CAN(committer, commit) || !WEIR_CAN(committer, abort)))
    return fail("traits() promises TWO_PHASE, and there is no commit() or no abort() of a committer");
  return {};
}

constexpr std::string_view kAboutRule =
    "JSON: summary, description, examples, JSON Schema of the config; writeOnly: a secret";
constexpr std::string_view kConfigRule = "checked against the component's JSON Schema,";

constexpr Case kSchemaCases[] = {
    {"schema", "schema-valid", "Its schema is a JSON Schema of draft 7.", kEveryKind, schema_valid,
     "mend the schema of its options in schema.json", kAboutRule},
    {"schema", "schema-closed", "Its schema takes no option that it does not know.", kEveryKind, schema_closed,
     "say \"type\": \"object\" and \"additionalProperties\": false (or a schema for them)", kConfigRule},
    {"schema", "required-exist", "What its schema requires is among its options.", kEveryKind, required_exist,
     "mend \"required\", or describe the option", kConfigRule},
    {"schema", "options-described", "Every option has a description.", kEveryKind, options_described,
     "describe the option: pages, forms and editors show it", kAboutRule},
    {"schema", "options-have-examples", "Every option has an example.", kEveryKind, options_have_examples,
     "add \"examples\" to the option", kAboutRule},
    {"schema", "examples-accepted", "Every example of an option is one that it takes.", kEveryKind, examples_accepted,
     "mend the example, or the rule that refuses it", kAboutRule},
    {"schema", "defaults-accepted", "Every default of an option is one that it takes.", kEveryKind, defaults_accepted,
     "mend the default, or the rule that refuses it", "its defaults filled in"},
    {"schema", "summary-said", "It has a summary on one line, and a description.", kEveryKind, summary_said,
     "fill in both in schema.json", kAboutRule},
    {"schema", "secrets-marked", "Options that are secrets by their names are marked so.", kEveryKind, secrets_marked,
     "say \"writeOnly\": true of the option: the host then keeps it out of logs", kAboutRule},
    {"schema", "about-same", "What its descriptor says of it is what stands in the file.", kEveryKind, about_same,
     "use the generated weir_about_NAME for `about`",
     "The same facts as a JSON text in the file, readable without running anything."},
    {"schema", "sample-works",
     "It can be tried: with its examples, or with what `conformance` says, it leads a whole life.", kEveryKind,
     sample_works, "add \"conformance\" beside its schema: options, columns, files (docs/conformance.md)",
     "what the schema requires is there, in the type that it says"},
    {"schema", "hostile-options", "Odd texts in its options, and any of its examples, are worked with or refused.",
     kEveryKind, hostile_options,
     "take a text of the config for what a stranger wrote: check its length and what is in it",
     "No exception, longjmp or signal leaves a function."},
    {"schema", "traits-pure", "It promises the same each time for the same options.", kWithTraits, traits_pure,
     "let traits() depend on the config alone", "Pure: no I/O, same answer for the same config."},
    {"schema", "traits-known", "What it promises are values of the header.", kWithTraits, traits_known,
     "set only what weir_traits lists, and leave the rest as the host filled it in",
     "A value that you don't know is an error of the peer"},
    {"schema", "traits-kept", "It has the functions that its way to commit needs.", kLoader, traits_kept,
     "provide the functions, or promise less in traits.commit",
     "null: commit as writer and committer have the functions; any number of instances"},
};

}  // namespace

std::span<const Case> schema_cases() { return kSchemaCases; }

}  // namespace weir::conformance
