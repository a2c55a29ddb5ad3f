package io.github.ticketcaravan.failures;

/** One update of the ordered work: it sets the ticket's subject to a number, which is higher than all before it. */
record Update(String ticket, int number) {

    String json() {
        return "{\"ticket\":\"" + ticket + "\",\"subject\":\"" + number + "\"}";
    }
}
