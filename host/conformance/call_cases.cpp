// Cases of single calls: what they return, what they fill in, and what they make of a host that says no.
#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

// Every callback of a life is refused once.
Step observed_in_refusals(Subject& subject) {
  constexpr std::int64_t kMost = 60;
  Session whole(subject, {});
  WEIR_TRY(whole.live());
  WEIR_TRY(observation(whole, subject));
  for (std::int64_t at = 0; at < std::min(whole.callbacks(), kMost); ++at) {
    Knobs knobs;
    knobs.refuse_at = at;
    Session session(subject, std::move(knobs));
    static_cast<void>(session.live());
    WEIR_TRY(observation(session, subject));
  }
  return {};
}

Step observed_as_warning(Subject& subject) {
  Step ended = observed_in_failures(subject);
  return ended || verdict_of(ended).outcome != Outcome::fail ? std::move(ended) : Step(warn(ended.error().message));
}

constexpr std::string_view kResults =
    "A function that can fail returns weir_status, and fills `error` in if that is not WEIR_OK.";
constexpr std::string_view kTexts = "Texts are UTF-8, end with a zero,";
constexpr std::string_view kStop = "does not return OK, stop and return what it returned";
constexpr std::string_view kLent = "sinks): that is for the thread that makes the call, during the call.";

constexpr Case kCallCases[] = {
    {"calls", "status-known", "Every call returns a status of the header.", kEveryKind, observed_in_failures,
     "return one of WEIR_OK to WEIR_UNAUTHENTICATED", "A function that can fail returns weir_status"},
    {"calls", "fault-known", "Every error has a fault of the header.", kEveryKind, observed_in_failures,
     "set error->fault to one of WEIR_FAULT_...", "WEIR_FAULT_..."},
    {"calls", "error-says-what", "Every failure has a message.", kEveryKind, observed_in_failures,
     "fill in error->message before you return (weir_fail() does)", kResults},
    {"calls", "error-left-alone", "A call that returns OK leaves the error alone.", kEveryKind, observed_in_failures,
     "fill in the error only where you return another status", "`error` stays untouched; on failure the outputs do"},
    {"calls", "error-texts-end", "Messages end with a zero.", kEveryKind, observed_in_failures,
     "cut the message at sizeof error->message - 1 bytes, and add a zero", kTexts},
    {"calls", "error-texts-utf8", "Messages are UTF-8.", kEveryKind, observed_in_failures,
     "cut a message at a whole character, and show bytes that are no text as such", kTexts},
    {"calls", "error-style", "Messages begin with a small letter, and have no full stop.", kEveryKind,
     observed_as_warning, "say what was expected and what was found, in lower case",
     "Message: what was expected, what was found; lower case, no"},
    {"calls", "nothing-thrown", "No exception leaves a call.", kEveryKind, observed_in_failures,
     "catch all in every function of the tables", "No exception, longjmp or signal leaves a function."},
    {"calls", "tells-schema", "It tells the schema of each of its outputs.", kTakesRows | kExtractor, observed,
     "call put() or same() of the sink before you return OK",
     "Receives the schemas of what a component will push, in the order of its outputs."},
    {"calls", "schema-right", "The schemas that it tells are of types that cross, with names, each once.",
     kTakesRows | kExtractor, observed, "tell a struct of named columns, of the types that the header lists",
     "arrays of these types cross"},
    {"calls", "refusal-passed-on", "What a callback of the host refuses, the call returns.", kEveryKind,
     observed_in_refusals, "return the status that the callback returned", kStop},
    {"calls", "stops-when-refused", "Once a callback refuses, the call makes no other.", kEveryKind,
     observed_in_refusals, "return at once when a callback does not return WEIR_OK", kStop},
    {"calls", "callbacks-in-time", "What is lent for a call is called during that call.", kEveryKind, observed,
     "keep no pointer to next, a sink or a batch", kLent},
    {"calls", "callbacks-on-their-thread", "What is lent for a call is called on the thread of that call.", kEveryKind,
     observed, "let threads of your own make batches, and push them on the thread of the call", kLent},
};

}  // namespace

std::span<const Case> call_cases() { return kCallCases; }

}  // namespace weir::conformance
