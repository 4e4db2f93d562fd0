/*
 * What differs: between the outcomes of one history under two policies, and between the worlds of
 * two entries.
 */
#ifndef TOOLS_SESSION_COMPARE_H
#define TOOLS_SESSION_COMPARE_H

#include "session.h"

/* Shows which outcomes of what happened up to `entry` are others under the policy that stands at
 * `policy`. */
session_status session_compare_policies(session *s, uint32_t entry, uint32_t policy);
/* Shows what differs between the worlds of two entries, which are called so. */
session_status session_compare_worlds(session *s, uint32_t here, const char *here_name,
                                      uint32_t there, const char *there_name);

#endif
