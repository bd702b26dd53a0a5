/* pow() of the C library's mathematics, which is loaded when somebody asks for it.
 *
 * Only the estimate of a progress bar does. A program that names the library itself has it loaded at each start, which
 * takes a twentieth of the time of a small Caddyfile. */

#include <dlfcn.h>
#include <stdlib.h>

typedef double function(double, double);

double pow(double base, double exponent) {
    static function *known;
    function *loaded = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (loaded == NULL) {
        void *library = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
        loaded = library == NULL ? NULL : (function *)dlsym(library, "pow");
        if (loaded == NULL) {
            abort();
        }
        __atomic_store_n(&known, loaded, __ATOMIC_RELAXED);
    }
    return loaded(base, exponent);
}
