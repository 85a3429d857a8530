// trackshim.h with a destructor, lists and overloads. One header for your own tree, C++11 and later.
//
//     trackshim::Run run;
//     run.config("learning_rate", 3e-4);
//     run.log(step, {{"lr", rate}, {"grad_norm", norm}});
//     return run.exit(0);                              // a scope left without it (an exception) ends the run as failed
//
// TRACKSHIM_OPTIONAL may be defined before, as for trackshim.h: then the calls are macros, so none has a :: in front.
#ifndef TRACKSHIM_HPP
#define TRACKSHIM_HPP

#include <initializer_list>
#include <string>
#include <type_traits>

#include "trackshim.h"

namespace trackshim {

// A list's numbers may be of any type: C++ would not narrow an int or a long to the double of a trackshim_metric.
struct Metric : trackshim_metric {
  template <class Number>
  Metric(const char *key, Number value) : trackshim_metric{key, static_cast<double>(value)} {}
};
static_assert(sizeof(Metric) == sizeof(trackshim_metric), "a list of the one is a list of the other");

class Run {
 public:
  explicit Run(const trackshim_options &options = TRACKSHIM_OPTIONS_INIT) { trackshim_start(&options); }
  Run(const Run &) = delete;
  Run &operator=(const Run &) = delete;
  ~Run() { trackshim_finish(code_); }

  // The code that the run ends with, when this object does; for main to return.
  int exit(int code) { return code_ = code; }

  trackshim_status log(int64_t step, std::initializer_list<Metric> row) {
    return trackshim_log_row(step, row.begin(), row.size());
  }
  // The next row, where the program counts no steps.
  trackshim_status log(std::initializer_list<Metric> row) { return log(TRACKSHIM_AUTO_STEP, row); }

  trackshim_status config(const char *key, double value) { return trackshim_config_double(key, value); }
  trackshim_status config(const char *key, bool value) { return trackshim_config_bool(key, value); }
  trackshim_status config(const char *key, const char *value) { return trackshim_config_string(key, value); }
  trackshim_status config(const char *key, const std::string &value) { return config(key, value.c_str()); }
  // As JSON, which holds a 64-bit seed without a sign as well.
  template <class Integer, typename std::enable_if<std::is_integral<Integer>::value, int>::type = 0>
  trackshim_status config(const char *key, Integer value) {
    return trackshim_config_json(key, std::to_string(value).c_str());
  }
  trackshim_status summary(const char *key, double value) { return trackshim_summary_double(key, value); }

  trackshim_status save(const std::string &path) { return trackshim_save(path.c_str()); }
  trackshim_status alert(const std::string &title, const std::string &text = "",
                         trackshim_alert_level level = TRACKSHIM_ALERT_WARN, double seconds = 0) {
    return trackshim_alert(title.c_str(), text.c_str(), level, seconds);
  }

 private:
  int code_ = 1;
};

} // namespace trackshim

#endif
