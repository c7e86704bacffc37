#pragma once
// The door of declarations: what people declared to NCOVI and VHD, the journeys in it, and the passes that say so at a gate.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/house/house.hpp"
#include "rooms/declarations/papers.hpp"
#include "rooms/declarations/passes.hpp"
#include "rooms/identity/identity.hpp"
#include "rooms/residents/residents.hpp"

namespace motcua::declarations {

/// A declared journey by vehicle or flight, as a stay at a moving place.
struct Journey {
  std::string subject;       // sub_...
  std::string place_code;    // "flight:VN1188:2021-07-20", "vehicle:50H12345:2021-07-20" (upper case, no punctuation, Vietnam day)
  std::string kind;          // "flight", "vehicle"
  std::string seat;
  Instant from, to;          // start as declared; the end by the kind's default stay where none is declared
};

/// What a person's page shows of one declaration.
struct DeclarationSummary {
  std::string subject, source, record_id, kind;
  Instant declared_at;
  std::vector<std::string> symptoms;       // codes: fever, cough, dyspnoea, pneumonia, sore_throat, fatigue, other
  bool contact_with_case = false, contact_with_symptomatic = false, from_affected_area = false;
};

class Declarations {
 public:
  virtual ~Declarations() = default;
  virtual Result<std::vector<Journey>> journeys_of(storage::Reader& reader, std::span<const std::string> subjects, Instant from, Instant to) = 0;
  virtual Result<std::vector<Journey>> journeys_at(storage::Reader& reader, std::span<const std::string> place_codes, Instant from, Instant to) = 0;
  virtual Result<std::vector<DeclarationSummary>> of_subjects(storage::Reader& reader, std::span<const std::string> subjects, int limit) = 0;
};

class DeclarationsRoom : public Room {
 public:
  virtual Declarations& door() = 0;
  virtual Passes& passes() = 0;
  virtual Papers& papers() = 0;
};
/// Failures: those of make_passes and read_forms.
Result<std::unique_ptr<DeclarationsRoom>> make_declarations(House& house, identity::Identity& identity, residents::Residents& residents);

}  // namespace motcua::declarations
