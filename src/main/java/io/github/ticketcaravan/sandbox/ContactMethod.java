package io.github.ticketcaravan.sandbox;

/** One way to reach a customer; {@code data} is the address or number as it was given. */
record ContactMethod(int id, Type type, String data, Customer customer) {

    enum Type {
        EMAIL,
        TELEPHONE;

        String json() {
            return this == EMAIL ? "email" : "telephone";
        }
    }
}
