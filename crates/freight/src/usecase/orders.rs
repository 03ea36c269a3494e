//! Reading orders and loads for one side.

use sarai_kernel::{Caller, Query, StoreExt, UseCaseError, document::Stored};
use uuid::Uuid;

use crate::{
    market::Freight,
    model::{Load, LoadState, Order},
    words::Side,
};

/// Which of the caller's orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderFilter {
    /// Only on this side.
    pub side: Option<Side>,
    /// Only open or only ended ones.
    pub open: Option<bool>,
}

impl Freight {
    /// Orders in which the caller is a side or the driver, newest first. A page may be shorter than asked for; the place goes on.
    pub async fn orders_of(
        &self,
        caller: &Caller,
        filter: OrderFilter,
        after: Option<(i64, Uuid)>,
        limit: u32,
    ) -> Result<Vec<(Stored<Order>, i64)>, UseCaseError> {
        let query = match filter.open {
            None => Query::by("order", "order.party", caller.party),
            Some(open) => {
                let word = if open { "open" } else { "closed" };
                Query::by("order", "order.party_open", format!("{}:{word}", caller.party))
            }
        };
        let mut kept = Vec::new();
        let mut after = after;
        // A filter by side reads on until the page is full; bounded, as every loop.
        for _ in 0..20 {
            let page = query_page(self, &query, after, limit).await?;
            let full = page.len() >= limit as usize;
            after = page.last().map(|(stored, sort)| (*sort, stored.id));
            kept.extend(page.into_iter().filter(|(stored, _)| {
                filter.side.is_none_or(|side| stored.record.side_of(caller.party) == Some(side))
            }));
            if !full || kept.len() >= limit as usize {
                break;
            }
        }
        kept.truncate(limit as usize);
        Ok(kept)
    }

    /// The caller's own loads, newest first, in one state or all.
    pub async fn loads_of(
        &self,
        caller: &Caller,
        state: Option<LoadState>,
        after: Option<(i64, Uuid)>,
        limit: u32,
    ) -> Result<Vec<(Stored<Load>, i64)>, UseCaseError> {
        let query = match state {
            None => Query::by("load", "load.owner", caller.party),
            Some(state) => {
                Query::by("load", "load.owner_state", format!("{}:{}", caller.party, state.word()))
            }
        };
        Ok(self.store.records(query.newest_first().after(after).limit(limit)).await?)
    }
}

async fn query_page(
    market: &Freight,
    query: &Query,
    after: Option<(i64, Uuid)>,
    limit: u32,
) -> Result<Vec<(Stored<Order>, i64)>, UseCaseError> {
    let value = match &query.value {
        sarai_kernel::document::KeyValue::Clear(text) => text.clone(),
        sarai_kernel::document::KeyValue::Blind(_) => return Ok(Vec::new()),
    };
    let page = Query::by(query.kind, query.name, value).newest_first().after(after).limit(limit);
    Ok(market.store.records(page).await?)
}
