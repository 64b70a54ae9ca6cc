#include "cli/calls.hpp"

namespace msp::cli {

namespace {

const Flag authority{"--certificate-authority", "SHA256",
                     "fingerprint of the CA that its devices' certificates rest on, in hex"};

void add_party_looks(Commands& commands) {
    commands.push_back({"party",
                        "list",
                        {},
                        "list the parties",
                        list_flags,
                        {"msp party list"},
                        list_of("/v1/parties",
                                {{"PARTY", "party"},
                                 {"NAME", "name"},
                                 {"ROLES", "roles"},
                                 {"OPEN", "open"},
                                 {"PREFIXES", "device_prefixes"}},
                                "party")});
    commands.push_back({"party",
                        "get",
                        {"PARTY"},
                        "show a party",
                        {},
                        {"msp party get acme"},
                        one_thing("/v1/parties/{PARTY}")});
}

void add_party_changes(Commands& commands) {
    commands.push_back(
        {"party",
         "add",
         {"PARTY"},
         "register a party; shows its enrolment key this once",
         {{"--name", "TEXT", "what people call it"},
          {"--role", "device-provider|equipment-provider", "may be repeated", true, true},
          {"--device-prefix", "PREFIX", "device IDs that begin so are its own; may be repeated",
           false, true},
          {"--reports-create-equipment", "true|false",
           "whether a report may bring an equipment ID up first (true)"},
          authority,
          dry_run_flag},
         {"msp party add modemworks --role device-provider --device-prefix MW-",
          "msp party add acme --role equipment-provider"},
         call_of("POST", "/v1/parties",
                 {{"party", "PARTY"},
                  {"name", "--name"},
                  {"roles", "--role", Kind::texts},
                  {"device_prefixes", "--device-prefix", Kind::texts},
                  {"reports_create_equipment", "--reports-create-equipment", Kind::truth},
                  {"certificate_authority", "--certificate-authority"}})});
    commands.push_back(
        {"party",
         "change",
         {"PARTY"},
         "change a party",
         {{"--name", "TEXT", "what people call it"},
          {"--open", "true|false", "a closed party can do nothing"},
          {"--add-device-prefix", "PREFIX", "may be repeated", false, true},
          {"--reports-create-equipment", "true|false",
           "whether a report may bring an equipment ID up first"},
          authority,
          {"--new-enrolment-key", "", "replace it; the new one is shown this once"},
          dry_run_flag},
         {"msp party change acme --open false"},
         call_of("PATCH", "/v1/parties/{PARTY}",
                 {{"name", "--name"},
                  {"open", "--open", Kind::truth},
                  {"add_device_prefixes", "--add-device-prefix", Kind::texts},
                  {"reports_create_equipment", "--reports-create-equipment", Kind::truth},
                  {"certificate_authority", "--certificate-authority"},
                  {"new_enrolment_key", "--new-enrolment-key", Kind::truth}})});
}

void add_parties(Commands& commands) {
    add_party_looks(commands);
    add_party_changes(commands);
}

void add_keys(Commands& commands) {
    const Flag party{"--party", "PARTY", "whose key, for staff"};
    commands.push_back({"key",
                        "list",
                        {},
                        "list the API keys",
                        joined({party}, look_flags),
                        {"msp key list"},
                        short_list_of("/v1/keys?party={--party}",
                                      {{"KEY", "key"},
                                       {"NAME", "name"},
                                       {"PARTY", "party"},
                                       {"ROLE", "role"},
                                       {"EXPIRES", "expires"},
                                       {"REVOKED", "revoked"}},
                                      "key")});
    commands.push_back({"key",
                        "add",
                        {"NAME"},
                        "add an API key; shows its token this once",
                        {{"--role", "viewer|operator|admin", "what it may do", true},
                         party,
                         {"--expires", "TIME", "in RFC 3339"},
                         dry_run_flag},
                        {"msp key add epba --role operator --party acme"},
                        call_of("POST", "/v1/keys",
                                {{"name", "NAME"},
                                 {"role", "--role"},
                                 {"party", "--party"},
                                 {"expires", "--expires"}})});
    commands.push_back({"key",
                        "revoke",
                        {"KEY"},
                        "end a key: it opens nothing any more",
                        {party, dry_run_flag},
                        {"msp key revoke 4f7k2m9x1q"},
                        call_of("DELETE", "/v1/keys/{KEY}?party={--party}", {}, "revoked")});
    commands.push_back(
        {"key", "me", {}, "show who this key is", {}, {"msp key me"}, one_thing("/v1/me")});
}

}  // namespace

void add_party_commands(Commands& commands) {
    add_parties(commands);
    add_keys(commands);
    commands.push_back({"history",
                        "list",
                        {},
                        "list what happened, newest last",
                        joined({{"--chain", "CHAIN", "of one chain"},
                                {"--type", "TYPE", "of these types, such as m2m.equipment.*"},
                                {"--after", "CURSOR", "go on after this"}},
                               list_flags),
                        {"msp history list --type m2m.drift.found"},
                        list_of("/v1/history?chain={--chain}&type={--type}&after={--after}",
                                event_columns, "id")});
    commands.push_back(
        {"hold",
         "catalogue",
         {},
         "list the reasons there are, and who lifts them",
         look_flags,
         {"msp hold catalogue"},
         short_list_of(
             "/v1/holds/catalogue",
             {{"HOLDER", "holder"}, {"CODE", "code"}, {"SAYS", "says"}, {"LIFTED_BY", "lifted_by"}},
             "code")});
    commands.push_back({"refusal",
                        "list",
                        {},
                        "list every way in which a rule says no, and what to do then",
                        look_flags,
                        {"msp refusal list"},
                        short_list_of("/v1/refusals",
                                      {{"CODE", "code"},
                                       {"STATUS", "status"},
                                       {"SENTENCE", "sentence"},
                                       {"HINT", "hint", true}},
                                      "code")});
}

}  // namespace msp::cli
