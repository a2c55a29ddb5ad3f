package io.github.ticketcaravan.sandbox;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All customers' contact methods, found by ID or by what they say; any thread may add. */
final class Contacts {

    private record Key(ContactMethod.Type type, String key) {}

    private final Map<Integer, ContactMethod> byId = new ConcurrentHashMap<>();
    private final Map<Key, ContactMethod> byAddress = new ConcurrentHashMap<>();
    private final AtomicInteger lastMethodId = new AtomicInteger();
    private final AtomicInteger lastCustomerId = new AtomicInteger();

    /** One of the data file's. */
    void add(ContactMethod method, ContactAddress address) {
        byId.put(method.id(), method);
        byAddress.putIfAbsent(new Key(address.type(), address.key()), method);
        lastMethodId.accumulateAndGet(method.id(), Math::max);
        lastCustomerId.accumulateAndGet(method.customer().id(), Math::max);
    }

    Optional<ContactMethod> byId(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<ContactMethod> byAddress(ContactAddress address) {
        return Optional.ofNullable(byAddress.get(new Key(address.type(), address.key())));
    }

    /** The first of a customer, by the customer's ID or name. */
    ContactMethod ofCustomer(String idOrName) throws Refusal {
        int id = Catalogue.number(idOrName);
        String name = Parameters.folded(idOrName);
        return byId.values().stream()
                .filter(method -> method.customer().id() == id
                        || Parameters.folded(method.customer().name()).equals(name))
                .min(Comparator.comparingInt(ContactMethod::id))
                .orElseThrow(() -> Refusal.notFound("Customer", idOrName));
    }

    /** Any one, where only its being one matters. */
    ContactMethod any() {
        return byId.values().iterator().next();
    }

    /** The one that says this, or a new one of a new customer with that name. */
    ContactMethod findOrAdd(ContactAddress address, String customerName) {
        return byAddress.computeIfAbsent(new Key(address.type(), address.key()), key -> {
            int customerId = lastCustomerId.incrementAndGet();
            // A PIN has six digits; which ones is of no importance here, only that they stay the same.
            String pin = String.valueOf(100_000 + customerId * 7919L % 900_000);
            return add(address, new Customer(customerId, customerName, null, pin));
        });
    }

    private ContactMethod add(ContactAddress address, Customer customer) {
        ContactMethod method =
                new ContactMethod(lastMethodId.incrementAndGet(), address.type(), address.data(), customer);
        byId.put(method.id(), method);
        return method;
    }
}
