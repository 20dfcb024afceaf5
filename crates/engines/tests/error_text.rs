//! What engines' own words are taken for.

#[path = "../src/error_text.rs"]
mod error_text;

use formbench_protocol::RefusalKind;

fn kind(words: &str) -> RefusalKind {
    error_text::refusal("engine", words).kind
}

#[test]
fn running_out_of_memory_is_told_from_failing() {
    assert_eq!(kind("std::bad_alloc"), RefusalKind::OutOfMemory);
    assert_eq!(kind("can't alloc"), RefusalKind::OutOfMemory);
    let plugin = "Cannot load library \"plugin.so\": failed to map segment from shared object";
    assert_eq!(kind(plugin), RefusalKind::OutOfMemory);
    let arena = "BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer";
    assert_eq!(kind(arena), RefusalKind::OutOfMemory);
    assert_eq!(kind("Protobuf parsing failed."), RefusalKind::Failed);
}

#[test]
fn an_operation_without_a_kernel_is_unsupported() {
    assert_eq!(kind("Error No Op registered for Rely"), RefusalKind::Unsupported);
    assert_eq!(kind("No conversion rule found for operations: Rely"), RefusalKind::Unsupported);
    assert_eq!(
        kind("optimization: Unimplemented(Rely) ToTypedTranslator"),
        RefusalKind::Unsupported
    );
}

#[test]
fn words_are_one_line_without_the_places_that_threw_them() {
    let thrown = "general error: Exception from src/inference/src/cpp/core.cpp:105:\n\
                  Check 'false' failed\n\n  Unable to read the model.\n";
    let refusal = error_text::refusal("openvino", thrown);
    assert_eq!(refusal.reason, "openvino: Check 'false' failed Unable to read the model.");
}
