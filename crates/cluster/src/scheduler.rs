//! The scheduler: Ballista's, with our plan node, our patience and our transport.

use crate::codec::OrdersCodec;
use crate::job::{MESSAGE_BYTES, session};
use crate::tls::Transport;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use std::net::IpAddr;
use std::sync::Arc;
use tonic::transport::Server;

/// What a scheduler is told.
#[derive(Clone)]
pub struct Settings {
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port to listen on.
    pub port: u16,
    /// Seconds without a word after which an executor counts as lost.
    pub executor_timeout: u64,
    /// How executors and drivers talk to it.
    pub transport: Transport,
}

/// Runs until the process is told to end.
pub async fn serve(settings: Settings) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Settings { bind, port, executor_timeout, transport } = settings;
    let mut config = SchedulerConfig::default()
        .with_scheduler_policy(TaskSchedulingPolicy::PullStaged)
        .with_port(port)
        .with_hostname(bind.to_string())
        .with_override_config_producer(Arc::new(session));
    config.override_physical_codec = Some(Arc::new(OrdersCodec::default()));
    config.executor_timeout_seconds = executor_timeout;
    config.no_executors_grace_period_seconds = executor_timeout;
    config.expire_dead_executor_interval_seconds = (executor_timeout / 4).max(1);
    // It calls executors only to cancel, and they listen to nobody: what it says is hidden all the same.
    let dressed = transport.clone();
    config.override_create_grpc_client_endpoint =
        Some(Arc::new(move |endpoint| dressed.dress(endpoint)));
    // A task that fails is not tried again inside a job: the driver asks for it, under a new name.
    config.task_max_failures = 1;
    config.stage_max_failures = 1;
    config.grpc_server_max_decoding_message_size = u32::try_from(MESSAGE_BYTES).unwrap_or(u32::MAX);
    config.grpc_server_max_encoding_message_size = u32::try_from(MESSAGE_BYTES).unwrap_or(u32::MAX);
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    let service = SchedulerGrpcServer::new(scheduler)
        .max_decoding_message_size(MESSAGE_BYTES)
        .max_encoding_message_size(MESSAGE_BYTES);
    let mut server = Server::builder();
    if let Some(tls) = transport.of_server() {
        server = server.tls_config(tls)?;
    }
    server.add_service(service).serve((bind, port).into()).await?;
    Ok(())
}
