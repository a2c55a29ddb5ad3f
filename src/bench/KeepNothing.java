import io.github.ticketcaravan.delivery.Dispatch;

/** Stands in for the ledger in src/bench/ledger: an outcome counts as kept without being kept. */
public final class KeepNothing {

    public Dispatch keep(Dispatch dispatch) {
        dispatch.kept().complete(dispatch.receipt());
        return dispatch;
    }
}
