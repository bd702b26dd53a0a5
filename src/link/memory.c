/* Memory comes in small pages at first.
 *
 * The first piece of memory in a huge page has all 2 MB of it cleared, which takes an eighth of the time of a small
 * Caddyfile. A large one asks for huge pages when it is read: see src/cli/memory.rs. */

#include <sys/prctl.h>

__attribute__((constructor(101))) static void begin_with_small_pages(void) {
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}
