//! A job of Ballista's as the driver sees it: hand in a plan, ask how it goes, call it off.

use crate::codec::OrdersCodec;
use crate::node;
use crate::order::Order;
use crate::tls::Transport;
use ballista_core::config::BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK;
use ballista_core::extension::SessionConfigExt;
use ballista_core::serde::protobuf::execute_query_params::Query;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    CancelJobParams, ExecuteQueryParams, GetJobStatusParams, KeyValuePair, execute_query_result,
    job_status,
};
use datafusion::prelude::SessionConfig;
use datafusion_proto::physical_plan::AsExecutionPlan;
use datafusion_proto::protobuf::PhysicalPlanNode;
use std::time::Duration;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

/// Most bytes of a message: orders of a batch travel in one.
pub(crate) const MESSAGE_BYTES: usize = 64 << 20;
/// How long a connection or an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The scheduler, as the driver reaches it.
#[derive(Clone)]
pub(crate) struct Scheduler {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) transport: Transport,
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Running,
    Ended,
    Failed,
    /// The scheduler has no such job: not yet, or it was started anew.
    Unknown,
}

/// A job handed in.
pub(crate) struct Job {
    client: SchedulerGrpcClient<Channel>,
    id: String,
}

/// The settings of every session: no planning while running, and one order for each slot, not as many
/// as are free for one.
pub(crate) fn session() -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_ballista_adaptive_query_planner(false)
        .set_str(BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, "1")
        .with_ballista_physical_extension_codec(std::sync::Arc::new(OrdersCodec::default()))
}

impl Scheduler {
    /// Hands in orders. What goes wrong is told without what the orders say.
    pub(crate) async fn submit(&self, orders: &[Order]) -> Result<Job, String> {
        let plan = node::plan(orders).map_err(|_| "the plan cannot be made".to_owned())?;
        let mut query = Vec::new();
        PhysicalPlanNode::try_from_physical_plan(plan, &OrdersCodec::default())
            .and_then(|plan| plan.try_encode(&mut query))
            .map_err(|_| "the plan cannot be written".to_owned())?;
        let entries = session().options().entries();
        let settings = entries.into_iter().map(|e| KeyValuePair { key: e.key, value: e.value });
        let name = format!("{}-{}", orders[0].run, std::process::id());
        let params = ExecuteQueryParams {
            query: Some(Query::PhysicalPlan(query)),
            settings: settings.collect(),
            session_id: name,
            operation_id: String::new(),
        };
        let mut client = self.connect().await?;
        let mut request = tonic::Request::new(params);
        ballista_core::version::insert_version_header(request.metadata_mut());
        let answer = client.execute_query(request).await.map_err(|s| said(&s))?.into_inner();
        match answer.result {
            Some(execute_query_result::Result::Success(job)) => Ok(Job { client, id: job.job_id }),
            _ => Err("the scheduler refused the plan".to_owned()),
        }
    }

    async fn connect(&self) -> Result<SchedulerGrpcClient<Channel>, String> {
        let Self { host, port, transport } = self;
        let address = format!("{}://{host}:{port}", transport.scheme());
        let unreachable = || format!("the scheduler at {host}:{port} does not answer");
        let endpoint: Endpoint = address.parse().map_err(|_| unreachable())?;
        let endpoint = transport
            .dress(endpoint)
            .map_err(|_| "the certificates cannot be used".to_owned())?
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE);
        let channel = endpoint.connect().await.map_err(|_| unreachable())?;
        let client = SchedulerGrpcClient::new(channel);
        Ok(client.max_decoding_message_size(MESSAGE_BYTES).max_encoding_message_size(MESSAGE_BYTES))
    }
}

impl Job {
    /// How the job stands, as far as the scheduler says.
    pub(crate) async fn standing(&mut self) -> Result<Standing, String> {
        let params = GetJobStatusParams { job_id: self.id.clone() };
        let answer = self.client.get_job_status(params).await.map_err(|s| said(&s))?;
        Ok(match answer.into_inner().status.and_then(|s| s.status) {
            Some(job_status::Status::Successful(_)) => Standing::Ended,
            Some(job_status::Status::Failed(_)) => Standing::Failed,
            Some(_) => Standing::Running,
            None => Standing::Unknown,
        })
    }

    /// Calls the job off; whether anybody hears it makes no difference to the night.
    pub(crate) async fn cancel(&mut self) {
        let params = CancelJobParams { job_id: self.id.clone() };
        let _ = self.client.cancel_job(params).await;
    }
}

/// What the scheduler's answer means, without its text.
fn said(status: &Status) -> String {
    match status.code() {
        // What the connection says when there is nobody behind it, or nobody any more.
        Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded => {
            "the scheduler does not answer".to_owned()
        }
        code => format!("the scheduler answered: {}", code.description()),
    }
}
