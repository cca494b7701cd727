//! What schema.json comes to in the plugin's description.
use weir::plugin::{info, info_length, plugin, transformer, Shared};
use weir::*;

const SCHEMA: &[u8] = b"\n { \"name\" : \"pair\", \"version\":\"1.2.3\", \"x\": {\"y\": [1, {\"}\": \"\\\"]\"}]},
  \"components\": {\"one\": {\"kind\": \"transformer\", \"schema\": {\"n\": [ ]}} , \"two\":{\"name\":\"other\",\"kind\":\"transformer\"} } }\n";
const INFO: [u8; info_length(SCHEMA)] = info(SCHEMA);

struct Pass;
impl Transformer for Pass {
    fn create(_: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self> {
        outputs.put(&inputs[0])?;
        Ok(Pass)
    }
    fn process(&mut self, _: u64, _: &mut Batch, next: &Next) -> Result<()> {
        next.select_all(0)
    }
}

static ONE: Shared<abi::weir_component> = transformer::<Pass>(SCHEMA, "one");
static TWO: Shared<abi::weir_component> = transformer::<Pass>(SCHEMA, "two");
static BOTH: Shared<[*const abi::weir_component; 2]> = Shared([&ONE.0, &TWO.0]);
static PLUGIN: Shared<abi::weir_plugin> = plugin(SCHEMA, &BOTH);

fn text(raw: abi::weir_string) -> &'static str {
    std::str::from_utf8(unsafe { std::slice::from_raw_parts(raw.data, raw.length as usize) }).unwrap()
}

#[test]
fn names_and_texts_are_those_of_the_schema() {
    assert_eq!((text(PLUGIN.0.name), text(PLUGIN.0.version), PLUGIN.0.count), ("pair", "1.2.3", 2));
    assert_eq!((text(ONE.0.name), text(TWO.0.name)), ("one", "other"));
    assert_eq!(text(ONE.0.about), "{\"kind\": \"transformer\", \"schema\": {\"n\": [ ]}}");
    assert_eq!(text(TWO.0.about), "{\"name\":\"other\",\"kind\":\"transformer\"}");
    assert_eq!(unsafe { *PLUGIN.0.components.add(1) }, &TWO.0 as *const _);
}

#[test]
fn the_section_is_the_schema_with_the_abi() {
    let info = std::str::from_utf8(&INFO).unwrap();
    let head = format!("{{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"preview\":1,\"sdk\":\"{}\", \"name\" : \"pair\"", env!("CARGO_PKG_VERSION"));
    assert!(info.starts_with(&head), "{info}");
    assert!(info.ends_with("} }\n"), "{info}");
}
